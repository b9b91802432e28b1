import type { Findings } from '../../Findings.ts';
import { get, isNothing, type Located, type LocatedEntry, type LocatedMap, textOf } from '../../Located.ts';
import { refuse } from '../sources/refuse.ts';
import { checkCycles } from './checkCycles.ts';
import { checkLimits } from './checkLimits.ts';

/** Tells services that refer to what is not there or contradict themselves, as compose refuses them. `disabled` are off by their profiles. */
export function checkConsistency(root: LocatedMap, disabled: ReadonlySet<string>, findings: Findings): void {
  const services = get(root, 'services');
  if (services?.kind !== 'map') return;
  for (const [name, entry] of services.entries) checkService(name, entry, root, disabled, findings);
  if (!findings.hasErrors) checkCycles(services, findings);
  checkSecrets(root, findings);
}

function checkService(
  name: string,
  { key, value: service }: LocatedEntry,
  root: LocatedMap,
  disabled: ReadonlySet<string>,
  findings: Findings,
): void {
  const tell = (at: Located, code: string, message: string, explanation: string) =>
    refuse(findings, at, code, `${name} ${message}`, explanation);
  const services = get(root, 'services');
  const build = get(service, 'build');
  if (
    build === undefined &&
    (textOf(get(service, 'image')) ?? '') === '' &&
    get(service, 'provider') === undefined
  )
    tell(
      isNothing(get(service, 'image')) ? key : (get(service, 'image') ?? key),
      'neither-image-nor-build',
      'has neither an image nor a build.',
      'Write image: with what to run, or build: with its folder.',
    );
  if (textOf(get(build, 'dockerfile')) !== undefined && get(build, 'dockerfile_inline') !== undefined)
    tell(
      build ?? key,
      'two-dockerfiles',
      'has dockerfile and dockerfile_inline.',
      'Only one of the two can count.',
    );
  checkPlatform(name, service, findings);
  checkContexts(name, build, services, findings);
  checkHealthcheck(name, service, findings);
  const mode = get(service, 'network_mode');
  const networks = get(service, 'networks');
  if (mode !== undefined && networks?.kind === 'map' && networks.entries.size > 0)
    tell(mode, 'network-conflict', 'has network_mode and networks.', 'Only one of the two can count.');
  checkNames(
    networks?.kind === 'map' ? [...networks.entries].map(([network, at]) => [network, at.key]) : [],
    'networks',
    'network',
  );
  const dependsOn = get(service, 'depends_on');
  for (const [other, at] of dependsOn?.kind === 'map' ? dependsOn.entries : []) {
    if (get(services, other) !== undefined) continue;
    const required = get(at.value, 'required');
    if (disabled.has(other) && required?.kind === 'scalar' && required.value === false) continue;
    tell(
      at.key,
      'missing-service',
      `depends on ${other}, which ${disabled.has(other) ? 'is off by its profiles' : 'does not exist'}.`,
      disabled.has(other)
        ? 'Switch a profile on, or write required: false.'
        : 'Correct the name, or add the service.',
    );
  }
  const mounts = itemsOf(get(service, 'volumes')).filter(
    (mount) => textOf(get(mount, 'type')) === 'volume' && (textOf(get(mount, 'source')) ?? '') !== '',
  );
  checkNames(mounts.map(sourceOf), 'volumes', 'volume');
  checkNames(itemsOf(get(build, 'secrets')).map(sourceOf), 'secrets', 'secret');
  checkNames(itemsOf(get(service, 'secrets')).map(sourceOf), 'secrets', 'secret');
  checkNames(itemsOf(get(service, 'configs')).map(sourceOf), 'configs', 'config');
  checkLimits(name, service, findings);

  function checkNames(names: (readonly [string, Located])[], kind: string, word: string): void {
    const known = get(root, kind);
    for (const [wanted, at] of names)
      if (known?.kind !== 'map' || !known.entries.has(wanted))
        tell(
          at,
          `undefined-${word}`,
          `refers to the ${word} ${wanted}, which is not declared.`,
          `Declare it below ${kind}: at the top of the file.`,
        );
  }
}

/** What is built must be able to run on the platform that is asked for. */
function checkPlatform(name: string, service: Located, findings: Findings): void {
  const platform = get(service, 'platform');
  const platforms = itemsOf(get(get(service, 'build'), 'platforms'));
  if (platform === undefined || platforms.length === 0) return;
  if (platforms.some((item) => textOf(item) === textOf(platform))) return;
  refuse(
    findings,
    platform,
    'platform-not-built',
    `${name} runs on ${textOf(platform) ?? ''}, which build.platforms does not have.`,
    'Add it to build.platforms.',
  );
}

/** What is built with another service needs one that is on and built as well. */
function checkContexts(
  name: string,
  build: Located | undefined,
  services: Located | undefined,
  findings: Findings,
): void {
  const contexts = get(build, 'additional_contexts');
  for (const { value } of contexts?.kind === 'map' ? contexts.entries.values() : []) {
    const other = /^service:(.*)$/.exec(textOf(value) ?? '')?.[1];
    if (other === undefined || get(get(services, other), 'build') !== undefined) continue;
    refuse(
      findings,
      value,
      'missing-service',
      `${name} is built with the service ${other}, which ${get(services, other) === undefined ? 'is not there' : 'is not built'}.`,
      'Correct the name, add the service, or switch its profile on.',
    );
  }
}

/** A test as a list says first how it is run. */
function checkHealthcheck(name: string, service: Located, findings: Findings): void {
  const test = get(get(service, 'healthcheck'), 'test');
  const first = test?.kind === 'list' ? textOf(test.items[0]) : undefined;
  if (test === undefined || first === undefined || ['CMD', 'CMD-SHELL', 'NONE'].includes(first)) return;
  refuse(
    findings,
    test,
    'bad-healthcheck',
    `${name}: a test as a list begins with CMD, CMD-SHELL or NONE, not with “${first}”.`,
    'Write ["CMD", "program", "argument"].',
  );
}

/** A secret that a driver makes passes the schema, but nothing would fill it. */
function checkSecrets(root: LocatedMap, findings: Findings): void {
  const secrets = get(root, 'secrets');
  for (const [name, { key, value }] of secrets?.kind === 'map' ? secrets.entries : []) {
    if (['external', 'file', 'environment'].some((source) => get(value, source) !== undefined)) continue;
    refuse(
      findings,
      key,
      'no-source',
      `The secret ${name} has neither file nor environment.`,
      'Compose refuses it, also with a driver.',
    );
  }
}

function sourceOf(node: Located): readonly [string, Located] {
  return [textOf(get(node, 'source')) ?? '', node];
}

function itemsOf(node: Located | undefined): readonly Located[] {
  return node?.kind === 'list' ? node.items : [];
}
