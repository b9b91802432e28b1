import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { formatYaml } from '#shared/compose/config/formatYaml.ts';
import { resolveConfig } from '#shared/compose/config/resolveConfig.ts';
import type { Json } from '#shared/compose/config/encode/Json.ts';
import type { Danger } from '#shared/domain/Diagnostic.ts';
import type { RunHost } from '#shared/domain/Run.ts';
import type { AppModel, BuildModel, LifecycleCommand } from '#shared/domain/ServiceModel.ts';
import { soundsSecret, withoutPasswords } from '#shared/domain/soundsSecret.ts';
import { NodeConfigFiles } from '../apps/NodeConfigFiles.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { writeAtomically } from '../store/writeAtomically.ts';
import type { RunFolder } from './RunFolder.ts';

/** Stands for a value that sounds secret; no file of Flotilla's holds one. */
export const HIDDEN = '••••••';

/** What a run was made from, kept so that it can be made again. */
export interface KeptApp {
  app: AppModel;
  dangers: Danger[];
}

/** Keeps the resolved compose file and the model beside a run, secrets hidden. @returns the digest of what is kept */
export async function keepApp(folder: RunFolder, path: string, { app, dangers }: KeptApp): Promise<string> {
  const kept = JSON.stringify({ app: withoutSecrets(app), dangers });
  const { yaml } = await resolveConfig({ files: new NodeConfigFiles(path), folder: path });
  const text = yaml === undefined ? undefined : formatYaml(hideInConfig(yaml));
  if (text !== undefined) await writeAtomically(folder.compose, text);
  await writeAtomically(folder.app, `${digestOf(kept)} ${kept}\n`);
  return digestOf(text ?? JSON.stringify(withoutSecrets(app)));
}

/** @throws Error when it is not whole */
export async function readKeptApp(folder: RunFolder): Promise<KeptApp> {
  const text = await readFile(folder.app, 'utf8');
  const at = text.indexOf(' ');
  const kept = text.slice(at + 1).trimEnd();
  if (digestOf(kept) !== text.slice(0, at)) throw new Error('its digest is another');
  return JSON.parse(kept) as KeptApp;
}

/** Facts of the machine that the engine runs on. */
export async function readHost(client: EngineClient): Promise<RunHost> {
  const { info, endpoint } = client;
  const { KernelVersion: kernel } = await client.request<{ KernelVersion?: string }>({ path: '/version' });
  return {
    engine: `${info.product} ${info.version}`,
    operatingSystem: info.operatingSystem,
    architecture: info.architecture,
    cpus: info.cpus,
    memoryBytes: info.memoryBytes,
    cgroupVersion: info.cgroupVersion,
    rootless: info.rootless,
    address: endpoint.host,
    kernel,
  };
}

export function hideValue(name: string, value: string): string {
  return soundsSecret(name) ? HIDDEN : withoutPasswords(value);
}

function withoutSecrets(app: AppModel): AppModel {
  return {
    ...app,
    services: app.services.map((service) => ({
      ...service,
      environment: Object.fromEntries(
        Object.entries(service.environment).map(([name, value]) => [
          name,
          // A password within an address would come back wrong: all of it is hidden, to be filled in again.
          value === null || (!soundsSecret(name) && withoutPasswords(value) === value) ? value : HIDDEN,
        ]),
      ),
      ...(service.copiedFiles === undefined
        ? {}
        : { copiedFiles: service.copiedFiles.map((file) => ({ ...file, text: HIDDEN })) }),
      ...(service.postStart === undefined ? {} : { postStart: service.postStart.map(hideInCommand) }),
      ...(service.preStop === undefined ? {} : { preStop: service.preStop.map(hideInCommand) }),
      ...(service.build === undefined ? {} : { build: withoutBuildSecrets(service.build) }),
    })),
  };
}

function withoutBuildSecrets(build: BuildModel): BuildModel {
  const { dockerfileInline: inline, additionalContexts: contexts } = build;
  return {
    ...build,
    args: hideAll(build.args),
    ...(contexts === undefined ? {} : { additionalContexts: hideAll(contexts) }),
    ...(inline === undefined ? {} : { dockerfileInline: { ...inline, text: withoutPasswords(inline.text) } }),
  };
}

const hideInCommand = (command: LifecycleCommand): LifecycleCommand =>
  command.environment === undefined ? command : { ...command, environment: hideAll(command.environment) };

function hideAll(pairs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name, hideValue(name, value)]));
}

/** A resolved compose file with the secret values of its variables and build arguments hidden. */
function hideInConfig(config: Record<string, Json>): Record<string, Json> {
  const hide = (key: string, value: Json): Json => {
    if (key === 'environment' || key === 'args') return hideIn(value);
    // The text of a config: who wrote it into the file may have meant it for nobody else.
    if (key === 'content') return HIDDEN;
    if (Array.isArray(value)) return value.map((item) => hide('', item));
    if (typeof value !== 'object' || value === null)
      return typeof value === 'string' ? withoutPasswords(value) : value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, hide(name, inner)]));
  };
  return hide('', config) as Record<string, Json>;
}

function hideIn(pairs: Json): Json {
  if (typeof pairs !== 'object' || pairs === null || Array.isArray(pairs)) return pairs;
  return Object.fromEntries(
    Object.entries(pairs).map(([name, value]) => [
      name,
      typeof value === 'string' ? hideValue(name, value) : value,
    ]),
  );
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
