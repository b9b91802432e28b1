import { toErrorShape } from '#shared/contract/errors.ts';
import { GPU_NODE_FILES, parseTopology, TOPOLOGY_FILES } from '#shared/placement/parseTopology.ts';
import { flatTopology, type Topology } from '#shared/placement/Topology.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { readContainerOutput } from '../engine/readContainerOutput.ts';

/** Marks what looks at a machine, so that what a crash has left can be told. */
const PROBE_LABEL = 'io.flotilla.probe';
const PATIENCE_MS = 20_000;
/** A machine of 4096 CPUs writes about a megabyte. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Images that have a shell are tried so many at most. */
const MOST_IMAGES = 4;
/** Small images with a shell that many machines have. */
const USUAL = ['busybox', 'alpine'];

/** Nothing but a shell's own words, so that any shell will do. */
const SCRIPT = [
  'show() { for f in "$@"; do [ -r "$f" ] || continue; while IFS= read -r l || [ -n "$l" ]; do echo "$f=$l"; l=; done <"$f"; done; }',
  `show ${TOPOLOGY_FILES.join(' ')}`,
  `[ -d /proc/driver/nvidia/gpus ] && show ${GPU_NODE_FILES}`,
  'exit 0',
].join('\n');

/**
 * Looks at an engine's machine from a container that may do nothing: no network, no capabilities, nothing to write to. It lives for a moment,
 * and is made from an image that is there; none is fetched.
 */
export async function probeTopology(client: EngineClient, images: readonly string[]): Promise<Topology> {
  const { cpus } = client.info;
  const present = await presentOf(client, images);
  let reason = 'its machine is another one, and no image is there that could look at it.';
  for (const image of present.slice(0, MOST_IMAGES))
    try {
      const found = parseTopology(filesIn(await askOnce(client, image)));
      if (found !== undefined) return { ...found, source: { kind: 'probe', image } };
      reason = `a container of ${image} found nothing that tells more.`;
    } catch (error) {
      const shape = toErrorShape(error);
      if (shape.code === 'engine-unavailable') throw error;
      // Many images have no shell.
      reason = `a container of ${image} could not look at its machine: ${shape.message.slice(0, 200)}`;
    }
  return flatTopology(cpus, reason);
}

/** Those that the engine has, then small ones with a shell. */
async function presentOf(client: EngineClient, images: readonly string[]): Promise<string[]> {
  const list = await client.request<{ RepoTags?: string[] | null }[]>({ path: '/images/json' });
  const tags = list.flatMap(({ RepoTags }) => RepoTags ?? []);
  const has = (image: string): boolean =>
    tags.some((tag) => tag === image || tag === `${image}:latest` || tag.endsWith(`/${image}`));
  const usual = tags.filter((tag) => USUAL.includes(tag.split('/').at(-1)?.split(':')[0] ?? ''));
  return [...new Set([...usual, ...images.filter(has)])];
}

async function askOnce(client: EngineClient, image: string): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const { Id: id } = await client.request<{ Id: string }>({
    method: 'POST',
    path: '/containers/create',
    body: {
      Image: image,
      Entrypoint: ['/bin/sh', '-c', SCRIPT],
      Cmd: [],
      Env: [],
      Healthcheck: { Test: ['NONE'] },
      Labels: { [PROBE_LABEL]: 'topology' },
      NetworkDisabled: true,
      HostConfig: {
        NetworkMode: 'none',
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        RestartPolicy: { Name: 'no' },
        LogConfig: { Type: 'json-file', Config: {} },
      },
    },
    signal,
  });
  try {
    await client.request({ method: 'POST', path: `/containers/${id}/start`, signal });
    const { StatusCode } = await client.request<{ StatusCode?: number }>({
      method: 'POST',
      path: `/containers/${id}/wait`,
      signal,
    });
    const chunks: Buffer[] = [];
    await readContainerOutput(
      client,
      { id, name: 'a look at the machine' },
      { mostBytes: MOST_BYTES, signal },
      (bytes) => chunks.push(bytes),
    );
    if (StatusCode !== 0) throw new Error(`it ended with code ${StatusCode ?? '?'}`);
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    await client
      .request({ method: 'DELETE', path: `/containers/${id}`, query: { force: true, v: true } })
      .catch(() => undefined);
  }
}

/** `path=line` a line. */
function filesIn(output: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const line of output.split('\n')) {
    const at = line.indexOf('=');
    if (at <= 0) continue;
    const path = line.slice(0, at);
    files.set(path, `${files.get(path) ?? ''}${line.slice(at + 1)}\n`);
  }
  return files;
}
