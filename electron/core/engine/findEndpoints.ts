import { createHash } from 'node:crypto';
import { readFile, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Endpoint, EndpointSource } from '#shared/domain/Engine.ts';

export interface EndpointPlaces {
  env: NodeJS.ProcessEnv;
  homeDirectory: string;
  /** `unix://` address of Flotilla's own engine. */
  embeddedHost: string;
  platform?: NodeJS.Platform;
}

const contextSchema = z.object({
  Name: z.string().min(1),
  Endpoints: z.object({
    docker: z.object({ Host: z.string().optional(), SkipTLSVerify: z.boolean().optional() }).optional(),
  }),
});
const configSchema = z.object({ currentContext: z.string().optional() });

/**
 * Every address at which an engine may answer, most wanted first: DOCKER_HOST, the chosen docker context, the other contexts, the
 * usual sockets, our own engine. Two names for one socket count once.
 */
export async function findEndpoints(places: EndpointPlaces): Promise<Endpoint[]> {
  const found: Endpoint[] = [];
  const { env } = places;
  const dockerHost = env['DOCKER_HOST'];
  if (dockerHost !== undefined && dockerHost !== '') {
    const tls =
      (env['DOCKER_TLS_VERIFY'] ?? '') === ''
        ? undefined
        : await readTls(env['DOCKER_CERT_PATH'] ?? join(places.homeDirectory, '.docker'), false);
    found.push(endpoint('env', 'DOCKER_HOST', dockerHost, tls));
  }
  found.push(...(await dockerContexts(places)));
  found.push(...usualSockets(places));
  found.push(endpoint('embedded', 'Flotilla’s own engine', places.embeddedHost));
  return withoutTwins(found);
}

export function endpoint(
  source: EndpointSource,
  name: string,
  host: string,
  tls?: Endpoint['tls'],
): Endpoint {
  const id = createHash('sha256').update(`${source}\n${name}\n${host}`).digest('hex').slice(0, 16);
  return { id, source, name, host, ...(tls === undefined ? {} : { tls }) };
}

async function dockerContexts(places: EndpointPlaces): Promise<Endpoint[]> {
  const root = places.env['DOCKER_CONFIG'] ?? join(places.homeDirectory, '.docker');
  const config = configSchema.safeParse(await readJson(join(root, 'config.json')));
  const current = places.env['DOCKER_CONTEXT'] ?? (config.success ? config.data.currentContext : undefined);
  const metaRoot = join(root, 'contexts', 'meta');
  const folders = await readdir(metaRoot).catch(() => []);
  const contexts: { name: string; endpoint: Endpoint }[] = [];
  for (const folder of folders) {
    const meta = contextSchema.safeParse(await readJson(join(metaRoot, folder, 'meta.json')));
    const docker = meta.success ? meta.data.Endpoints.docker : undefined;
    if (!meta.success || docker?.Host === undefined) continue;
    const tls = await readTls(join(root, 'contexts', 'tls', folder, 'docker'), docker.SkipTLSVerify ?? false);
    contexts.push({ name: meta.data.Name, endpoint: endpoint('context', meta.data.Name, docker.Host, tls) });
  }
  contexts.sort(
    (a, b) => Number(b.name === current) - Number(a.name === current) || a.name.localeCompare(b.name),
  );
  return contexts.map((context) => context.endpoint);
}

function usualSockets({ env, homeDirectory: home, platform = process.platform }: EndpointPlaces): Endpoint[] {
  const socket = (name: string, path: string) => endpoint('socket', name, `unix://${path}`);
  if (platform === 'win32') {
    return [
      endpoint('socket', 'Docker', 'npipe:////./pipe/docker_engine'),
      endpoint('socket', 'Docker Desktop', 'npipe:////./pipe/dockerDesktopLinuxEngine'),
      endpoint('socket', 'Podman', 'npipe:////./pipe/podman-machine-default'),
    ];
  }
  const runtime =
    env['XDG_RUNTIME_DIR'] ?? (process.getuid === undefined ? undefined : `/run/user/${process.getuid()}`);
  return [
    socket('Docker', '/var/run/docker.sock'),
    ...(runtime === undefined ? [] : [socket('Docker (rootless)', join(runtime, 'docker.sock'))]),
    socket('Docker Desktop', join(home, '.docker/desktop/docker.sock')),
    socket('Docker Desktop', join(home, '.docker/run/docker.sock')),
    socket('Colima', join(home, '.colima/default/docker.sock')),
    socket('Rancher Desktop', join(home, '.rd/docker.sock')),
    socket('OrbStack', join(home, '.orbstack/run/docker.sock')),
    socket('Podman', '/run/podman/podman.sock'),
    ...(runtime === undefined ? [] : [socket('Podman (rootless)', join(runtime, 'podman/podman.sock'))]),
    socket('Podman machine', join(home, '.local/share/containers/podman/machine/podman.sock')),
  ];
}

async function withoutTwins(endpoints: Endpoint[]): Promise<Endpoint[]> {
  const seen = new Set<string>();
  const kept: Endpoint[] = [];
  for (const candidate of endpoints) {
    const path = candidate.host.startsWith('unix://') ? candidate.host.slice('unix://'.length) : undefined;
    const key = path === undefined ? candidate.host : await realpath(path).catch(() => path);
    if (seen.has(key)) continue;
    seen.add(key);
    kept.push(candidate);
  }
  return kept;
}

async function readTls(folder: string, skipVerify: boolean): Promise<Endpoint['tls']> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) =>
      readFile(join(folder, name), 'utf8').catch(() => undefined),
    ),
  );
  return ca === undefined && cert === undefined && key === undefined
    ? undefined
    : { ca, cert, key, skipVerify };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
