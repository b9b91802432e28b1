import type { BuildModel, InlineDockerfile } from '../domain/ServiceModel.ts';
import { inlineBlock } from './inlineBlock.ts';
import { isRemote } from './config/paths/isRemote.ts';
import { isResolved } from './config/paths/isResolved.ts';
import { isFetched } from './isFetched.ts';
import { get, type Located, textOf } from './Located.ts';
import { listed, mapped, said } from './onlySaid.ts';
import { parseFlag } from './config/scalars/parseFlag.ts';
import { UNSUPPORTED_BUILD_KEYS } from './knownKeys.ts';
import { readBuildSecrets } from './readBuildSecrets.ts';
import { readExtraHosts } from './readExtraHosts.ts';
import { isInside } from './readDangers.ts';
import { isPlatform } from './readPlatform.ts';
import { readUlimits } from './readUlimits.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** The build section of a service, short or long. `secrets` is the file's own list of them. */
export function readBuild(reader: ServiceReader, secrets?: Located): BuildModel | undefined {
  const build = reader.at('build');
  if (build === undefined) return undefined;
  if (build.kind === 'scalar')
    return { context: contextPath(textOf(build) ?? '.'), dockerfile: 'Dockerfile', args: {} };
  if (build.kind === 'list') {
    reader.error(
      'wrong-kind',
      build,
      'build must be a folder or a mapping, not a list.',
      'Write build: . or build: with context and dockerfile.',
    );
    return undefined;
  }
  checkKeys(reader, build);
  const args: Record<string, string> = {};
  for (const { key, value } of reader.pairs(get(build, 'args'), 'build args'))
    if (value !== null) args[key] = value;
  return {
    context: contextPath(reader.text(get(build, 'context'), 'build context') ?? '.'),
    dockerfile: reader.text(get(build, 'dockerfile'), 'dockerfile') ?? 'Dockerfile',
    args,
    ...said({
      dockerfileInline: readInline(reader, build),
      target: reader.text(get(build, 'target'), 'build target'),
      secrets: listed(readBuildSecrets(reader, build, secrets)),
      ssh: listed(readSsh(reader, get(build, 'ssh'))),
      cacheFrom: listed(reader.texts(get(build, 'cache_from'), 'cache_from')),
      cacheTo: listed(readCacheTo(reader, get(build, 'cache_to'))),
      // What runs on a platform is built for it.
      platforms: listed(readPlatforms(reader, get(build, 'platforms') ?? reader.at('platform'))),
      network: readNetwork(reader, get(build, 'network')),
      tags: listed(readTags(reader, get(build, 'tags'))),
      labels: mapped(reader.record(get(build, 'labels'), 'build labels')),
      extraHosts: listed(readExtraHosts(get(build, 'extra_hosts'))),
      shmSizeBytes: reader.bytes(get(build, 'shm_size'), 'build shm_size'),
      pull: reader.flag(get(build, 'pull'), 'build pull'),
      noCache: reader.flag(get(build, 'no_cache'), 'build no_cache'),
      noCacheFilter: listed(reader.texts(get(build, 'no_cache_filter'), 'no_cache_filter')),
      additionalContexts: mapped(readContexts(reader, get(build, 'additional_contexts'))),
      provenance: readStatement(reader, get(build, 'provenance'), 'provenance'),
      sbom: readStatement(reader, get(build, 'sbom'), 'sbom'),
      ulimits: listed(readUlimits(reader, get(build, 'ulimits'))),
      entitlements: listed(readEntitlements(reader, build)),
    }),
  };
}

function checkKeys(reader: ServiceReader, build: Located): void {
  if (build.kind !== 'map') return;
  for (const [key, { key: at }] of build.entries) {
    if (UNSUPPORTED_BUILD_KEYS.has(key))
      reader.warn(
        'unsupported-key',
        at,
        `Flotilla does not act on “${key}” of a build yet.`,
        'The build runs without it.',
      );
  }
}

/** An empty text is none, as compose has it. */
function readInline(reader: ServiceReader, build: Located): InlineDockerfile | undefined {
  const entry = build.kind === 'map' ? build.entries.get('dockerfile_inline') : undefined;
  const text = reader.text(entry?.value, 'dockerfile_inline');
  if (entry === undefined || text === undefined || text === '') return undefined;
  const { key, value } = entry;
  const source = reader.findings.source(value.file);
  const isNear = key.file === value.file;
  return {
    text,
    file: value.file,
    line: source?.range(isNear ? key.start : value.start, value.start).line ?? 1,
    firstLine: source === undefined ? undefined : inlineBlock(value, source, text)?.firstLine,
  };
}

/** `default`, `name=path` or the mapping `name: path`; a path stays inside the project. */
function readSsh(reader: ServiceReader, node: Located | undefined): string[] {
  if (node?.kind === 'scalar') return reader.texts(node, 'build ssh');
  return reader.pairs(node, 'build ssh').flatMap(({ key, value, at }) => {
    if (value === null || value === '') return [key];
    if (isInside(value)) return [`${key}=${value}`];
    reader.error(
      'outside-project',
      at,
      `the SSH key “${value}” lies outside the project.`,
      'Write ssh: [default], which asks your SSH agent, or put the key into the project folder.',
    );
    return [];
  });
}

const IMAGE = 'docker-image://';

/** Folders inside the project, images, other services, and what the engine fetches. */
function readContexts(reader: ServiceReader, node: Located | undefined): Record<string, string> {
  const contexts: Record<string, string> = {};
  for (const { key, value, at } of reader.pairs(node, 'additional_contexts')) {
    const source = value ?? '';
    const folder = contextPath(source);
    // `./github.com/x` and its like: without the dot they would be addresses.
    const isFolder = isResolved(at);
    if (isFolder && isInside(folder)) contexts[key] = isRemote(folder) ? `./${folder}` : folder;
    else if (isFolder) refuseOutside(key, source, at);
    else if (source.startsWith(IMAGE) || source.startsWith('service:') || isFetched(source))
      contexts[key] = source;
    else if (source.startsWith('oci-layout:'))
      reader.error(
        'bad-build',
        at,
        `the context “${key}” is a folder with an image in it (${source.slice(0, 80)}), which builds do not read.`,
        `Load the image into the engine, and write ${key}: ${IMAGE} followed by its name.`,
      );
    else if (/^[a-z][a-z0-9+.-]*:/i.test(source))
      reader.error(
        'bad-build',
        at,
        `the context “${key}” is of no kind that builds can take (${source.slice(0, 80)}).`,
        `Name a folder of the project, an image with ${IMAGE}, a service with service:, or an address with https:// or git://.`,
      );
    else if (!isInside(folder)) refuseOutside(key, source, at);
    else contexts[key] = folder;
  }
  return contexts;

  function refuseOutside(key: string, source: string, at: Located): void {
    reader.error(
      'outside-project',
      at,
      `the context “${key}” lies outside the project (${source.slice(0, 80)}).`,
      `No folder outside the project is read: put it into the project folder, or name an image with ${IMAGE}.`,
    );
  }
}

/** `true`, `false` in whatever spelling, or what it is to be like. */
function readStatement(reader: ServiceReader, node: Located | undefined, what: string): string | undefined {
  const text = reader.text(node, `build ${what}`);
  const flag = text === undefined ? undefined : parseFlag(text);
  return flag === undefined ? text : String(flag);
}

/** What `entitlements` lists, and what `privileged` stands for. */
function readEntitlements(reader: ServiceReader, build: Located): string[] {
  const named = checked(reader, get(build, 'entitlements'), 'entitlements', (text) =>
    ['security.insecure', 'network.host'].includes(text)
      ? undefined
      : ['there is no such entitlement', 'Write security.insecure or network.host.'],
  );
  const isPrivileged = reader.flag(get(build, 'privileged'), 'build privileged') === true;
  return [...new Set([...named, ...(isPrivileged ? ['security.insecure'] : [])])];
}

function readCacheTo(reader: ServiceReader, node: Located | undefined): string[] {
  return checked(reader, node, 'cache_to', (text) =>
    /^type=[a-z0-9]+(?:,|$)/.test(text) || !text.includes('=')
      ? undefined
      : ['“type=” is missing', 'Write for example type=registry,ref=example.org/cache:main.'],
  );
}

function readPlatforms(reader: ServiceReader, node: Located | undefined): string[] {
  return checked(reader, node, 'platforms', (text) =>
    isPlatform(text) ? undefined : ['it is no platform', 'Write for example linux/amd64 or linux/arm64.'],
  );
}

function readTags(reader: ServiceReader, node: Located | undefined): string[] {
  return checked(reader, node, 'tags', (text) =>
    /^[a-z0-9][\w.:/-]*$/.test(text) && text.length <= 255
      ? undefined
      : ['it is no image reference', 'Write for example example.org/solver:1.2, in lower case.'],
  );
}

function readNetwork(reader: ServiceReader, node: Located | undefined): string | undefined {
  const text = reader.text(node, 'build network');
  if (text === undefined || node === undefined || ['default', 'none', 'host'].includes(text)) return text;
  reader.error(
    'bad-build',
    node,
    `build network “${text}”: steps of a build cannot join it.`,
    'Write default, none or host.',
  );
  return undefined;
}

/** Texts of a list without those of which `judge` says what is wrong and what to do. */
function checked(
  reader: ServiceReader,
  node: Located | undefined,
  what: string,
  judge: (text: string) => [wrong: string, advice: string] | undefined,
): string[] {
  const items = node?.kind === 'list' ? node.items : node === undefined ? [] : [node];
  return items.flatMap((item) => {
    const text = reader.text(item, `build ${what}`);
    if (text === undefined) return [];
    const bad = judge(text);
    if (bad === undefined) return [text];
    reader.error('bad-build', item, `build ${what} “${text.slice(0, 80)}”: ${bad[0]}.`, bad[1]);
    return [];
  });
}

/** `./solver/` → `solver`; `.` stays. What leads outside stays as it is and is refused later. */
function contextPath(text: string): string {
  if (/^[a-z]+:\/\//i.test(text) || text.startsWith('/')) return text;
  const parts: string[] = [];
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.length === 0 ? '.' : parts.join('/');
}
