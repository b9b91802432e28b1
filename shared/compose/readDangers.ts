import type { Danger } from '../domain/Diagnostic.ts';
import type { MountModel, NetworkModel, VolumeModel } from '../domain/ServiceModel.ts';
import { withoutPasswords } from '../domain/soundsSecret.ts';
import type { ProjectFiles } from './ComposeApi.ts';
import type { Findings } from './Findings.ts';
import { get, isNothing, type Located, textOf } from './Located.ts';
import { parseFlag } from './config/scalars/parseFlag.ts';
import { isFetched } from './isFetched.ts';
import { readDevices } from './readDevices.ts';
import { lifecycleItems } from './readLifecycle.ts';
import type { ReadService } from './readService.ts';
import { ServiceReader } from './ServiceReader.ts';

const HOST_NETWORK =
  'The container shares the host’s network: it reaches every local service and its ports are open to all.';

const HOST_NAMESPACES: [key: string, explanation: string][] = [
  ['network_mode', HOST_NETWORK],
  ['pid', 'The container sees and may signal every process of the host.'],
  ['ipc', 'The container shares the host’s shared memory.'],
  ['uts', 'The container may change the host’s name.'],
  ['userns_mode', 'Root in the container is root on the host.'],
  ['cgroup', 'The container sees the control groups of the host.'],
];

const BUILD_KIND = 'build.';

/** What a build itself reaches for; the rest is its containers' doing. */
export const isOfBuild = ({ kind }: Danger): boolean => kind.startsWith(BUILD_KIND);

/** What dangers are looked for in. */
export interface DangerSources {
  services: readonly ReadService[];
  /** The whole tree, for what stands outside of services. */
  root: Located;
  volumes: readonly VolumeModel[];
  networks: readonly NetworkModel[];
  /** The compose files and those that their variables come from. */
  loaded: readonly string[];
}

/** Settings that reach through the container's walls; each needs a person's consent before anything starts. */
export async function readDangers(
  { services, root, volumes, networks, loaded }: DangerSources,
  files: ProjectFiles,
  findings: Findings,
): Promise<Danger[]> {
  const dangers: Danger[] = [];
  for (const { model, entry, mounts } of services) {
    const add = (
      kind: string,
      value: string,
      at: Located,
      explanation: string,
      others: readonly (Located | undefined)[] = [],
    ): void => {
      const setting = files.hash(`${model.name}\n${kind}\n${value}`).slice(0, 16);
      if (dangers.some((danger) => danger.setting === setting)) return;
      const sources = sourcesOf([at, ...others], loaded, findings);
      const texts = sources.map((file) => `${file} ${files.hash(findings.source(file)?.text ?? '')}`);
      dangers.push({
        id: files.hash([setting, ...texts].join('\n')).slice(0, 16),
        setting,
        service: model.name,
        kind,
        value,
        file: at.file,
        line: findings.source(at.file)?.range(at.start, at.end).line,
        explanation,
      });
    };
    const node = (key: string): Located | undefined => {
      const value = get(entry.value, key);
      return isNothing(value) ? undefined : value;
    };
    const each = (
      key: string,
      explanation: string,
      isDanger: (text: string) => boolean = () => true,
    ): void => {
      const value = node(key);
      if (value === undefined) return;
      const texts =
        value.kind === 'list'
          ? value.items
          : value.kind === 'map'
            ? [...value.entries.values()].map((pair) => pair.key)
            : [value];
      for (const item of texts) {
        const text = textOf(item) ?? '';
        if (isDanger(text)) add(key, text, item, explanation);
      }
    };
    if (model.privileged)
      add(
        'privileged',
        'true',
        node('privileged') ?? entry.key,
        'The container may do everything the host’s root may, to every device.',
      );
    for (const key of ['post_start', 'pre_stop'] as const)
      for (const item of model.privileged ? [] : lifecycleItems(node(key))) {
        const reader = new ServiceReader(model.name, item, findings);
        if (parseFlag(textOf(get(item, 'privileged')) ?? '') !== true) continue;
        add(
          key,
          `privileged ${(reader.command(get(item, 'command'), key) ?? []).join(' ')}`,
          get(item, 'privileged') ?? item,
          'The command may do everything the host’s root may, to every device, while it runs.',
          [get(item, 'command')],
        );
      }
    each('cap_add', 'It grants a right of the kernel that containers do not have by default.');
    for (const { device, node: at } of readDevices(new ServiceReader(model.name, entry.value, findings)))
      add('devices', device, at, 'The container works on a device of the host.');
    each('security_opt', 'A protection of the kernel is switched off.', (text) =>
      /unconfined|disable|no-new-privileges[:=]false/i.test(text),
    );
    each('sysctls', 'It changes a setting of the kernel.', (text) => !text.startsWith('net.'));
    each('cgroup_parent', 'The container leaves the engine’s own limits.');
    each('device_cgroup_rules', 'The container may use devices of the host that are made in it.');
    each('volumes_from', 'It takes over the mounts of another container.');
    for (const [key, explanation] of HOST_NAMESPACES)
      each(key, explanation, (text) => text === 'host' || text.startsWith('container:'));
    const build = node('build');
    const ofBuild = (key: string, value: string, explanation: string): void =>
      add(BUILD_KIND + key, value, get(build, key) ?? entry.key, explanation);
    if (model.build?.network === 'host')
      ofBuild(
        'network',
        'host',
        'The steps of its build share the host’s network: they reach every local service.',
      );
    for (const right of model.build?.entitlements ?? [])
      ofBuild(
        get(build, 'entitlements') === undefined ? 'privileged' : 'entitlements',
        right,
        right === 'network.host'
          ? 'Steps of its build that ask for it share the host’s network.'
          : 'Steps of its build that ask for it may do everything the host’s root may, to every device.',
      );
    // A key with a path lies in the project.
    for (const key of model.build?.ssh ?? [])
      if (!key.includes('='))
        ofBuild('ssh', key, 'The steps of its build may use the keys of your SSH agent while they run.');
    for (const [name, source] of Object.entries(model.build?.additionalContexts ?? {}))
      if (isFetched(source))
        add(
          `${BUILD_KIND}additional_contexts`,
          withoutPasswords(source),
          get(get(build, 'additional_contexts'), name) ?? entry.key,
          'The engine fetches it from outside the project: the image holds whatever lies there at that time.',
        );
    for (const use of model.networkMode === undefined ? model.networks : []) {
      const network = networks.find(({ key }) => key === use.name);
      if (network?.name === 'host')
        add('networks', use.name, node('networks') ?? entry.key, HOST_NETWORK, [
          placeOf(root, 'networks', use.name),
        ]);
    }
    for (const { mount, node: at } of mounts) {
      const source = hostPathOf(mount, volumes);
      if (source === undefined) continue;
      const volume = mount.kind === 'volume' ? placeOf(root, 'volumes', mount.source) : undefined;
      if (isInside(source)) {
        const target = await files.leadsOut(pathInside(source));
        if (target !== undefined)
          add(
            'volume',
            linkedValue(source, target),
            at,
            'A link in the project leads out of it: the container sees what lies there.',
            [volume],
          );
        continue;
      }
      const isSocket = /(docker|podman|containerd)\.sock$/.test(source);
      add(
        'volume',
        `${source}${mount.kind !== 'tmpfs' && mount.readOnly ? ' (read-only)' : ''}`,
        at,
        isSocket
          ? 'Whoever holds the engine’s socket is root on the host, also read-only.'
          : source === '/'
            ? 'The container sees the whole file system of the host.'
            : 'The container sees a folder outside of the project.',
        [volume],
      );
    }
  }
  return dangers;
}

/** How a mount is named whose path inside the project leads out of it by a link. */
export const linkedValue = (source: string, target: string): string => `${source} → ${target}`;

/** A path inside the project without what means nothing: `./a//b/` is `a/b`. */
export const pathInside = (source: string): string =>
  source
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

const placeOf = (root: Located, section: string, key: string | undefined): Located | undefined =>
  key === undefined ? undefined : get(get(root, section), key);

/** The files that bring a setting: those it stands in, and where it holds a `$`, all from which the values may come. */
function sourcesOf(
  places: readonly (Located | undefined)[],
  loaded: readonly string[],
  findings: Findings,
): string[] {
  const sources = new Set<string>();
  for (const place of places) {
    if (place === undefined) continue;
    sources.add(place.file);
    const written = findings.source(place.file)?.text.slice(place.start, place.end) ?? '';
    if (written.includes('$')) for (const file of loaded) sources.add(file);
  }
  return [...sources].sort();
}

/** The path that a bind, or a named volume that stands for one, takes from the host. */
export function hostPathOf(mount: MountModel, volumes: readonly VolumeModel[]): string | undefined {
  if (mount.kind === 'bind') return mount.source;
  if (mount.kind === 'tmpfs') return undefined;
  const { device, o = '' } = volumes.find(({ key }) => key === mount.source)?.driverOpts ?? {};
  // A whole path may be a disk, too; others are servers (NFS) or nothing (tmpfs).
  return device?.startsWith('/') === true || /\br?bind\b/.test(o) ? device : undefined;
}

/** A relative path that does not climb out of the project. */
export function isInside(path: string): boolean {
  if (path.startsWith('/') || path.startsWith('~') || /^[A-Za-z]:[\\/]/.test(path)) return false;
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return false;
  }
  return true;
}
