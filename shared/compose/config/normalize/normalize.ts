import { get, type Located, type LocatedMap, textOf } from '../../Located.ts';
import { locatedMap } from '../tree/locatedMap.ts';
import { locatedText } from '../tree/locatedText.ts';
import { locatedValue } from '../tree/locatedValue.ts';
import { mapAt } from '../tree/mapAt.ts';
import { withEntry } from '../tree/withEntry.ts';
import { impliedDependencies } from './impliedDependencies.ts';

/**
 * The canonical tree with what is meant without being said: the default network, the Dockerfile’s name, dependencies that other keys imply, and
 * the names that networks, volumes, configs and secrets get on the engine.
 */
export function normalize(root: LocatedMap, projectName: string): LocatedMap {
  let tree: Located = withEntry(root, 'name', locatedText(root, projectName));
  tree = mapAt(tree, 'services.*', (service) =>
    service.kind === 'map' ? normalizeService(service) : service,
  );
  // An argument without a value that nobody gave is none.
  tree = mapAt(tree, 'services.*.build.args', (args) =>
    args.kind === 'list'
      ? { ...args, items: args.items.filter((item) => textOf(item)?.includes('=') !== false) }
      : args,
  );
  tree = withDefaultNetwork(tree);
  for (const kind of ['networks', 'volumes', 'configs', 'secrets'])
    tree = mapAt(tree, `${kind}.*`, (resource, { path }) => {
      const map = resource.kind === 'map' ? resource : locatedMap(resource, []);
      if (textOf(get(map, 'name')) !== undefined) return map;
      const key = path[1] ?? '';
      const external = get(map, 'external');
      const isExternal = external?.kind === 'scalar' && external.value === true;
      return withEntry(map, 'name', locatedText(map, isExternal ? key : `${projectName}_${key}`));
    });
  return tree.kind === 'map' ? tree : root;
}

function normalizeService(service: LocatedMap): LocatedMap {
  let made = service;
  const policy = get(made, 'pull_policy');
  if (policy !== undefined && textOf(policy) === 'if_not_present')
    made = withEntry(made, 'pull_policy', locatedText(policy, 'missing'));
  const networks = get(made, 'networks');
  const hasNetworks = networks?.kind === 'map' && networks.entries.size > 0;
  if (!hasNetworks && textOf(get(made, 'network_mode')) === undefined && get(made, 'provider') === undefined)
    made = withEntry(made, 'networks', locatedMap(made, [['default', locatedValue(made, null)]]));
  const build = get(made, 'build');
  if (
    build?.kind === 'map' &&
    textOf(get(build, 'dockerfile_inline')) === undefined &&
    (textOf(get(build, 'dockerfile')) ?? '') === ''
  )
    made = withEntry(made, 'build', withEntry(build, 'dockerfile', locatedText(build, 'Dockerfile')));
  made = withScaleInDeploy(made);
  const dependsOn = get(made, 'depends_on');
  const dependencies = new Map(dependsOn?.kind === 'map' ? dependsOn.entries : []);
  for (const { name, at, restart } of impliedDependencies(made))
    if (!dependencies.has(name))
      dependencies.set(name, {
        key: locatedText(at, name),
        value: locatedMap(at, [
          ['condition', locatedText(at, 'service_started')],
          ['restart', restart ? locatedValue(at, true) : undefined],
          ['required', locatedValue(at, true)],
        ]),
      });
  if (dependencies.size === 0) return made;
  return withEntry(made, 'depends_on', { ...(dependsOn ?? made), kind: 'map', entries: dependencies });
}

/** Where there is a `deploy`, it says how many as well. */
function withScaleInDeploy(service: LocatedMap): LocatedMap {
  const scale = get(service, 'scale');
  const deploy = get(service, 'deploy');
  if (scale === undefined || deploy?.kind !== 'map' || deploy.entries.has('replicas')) return service;
  return withEntry(service, 'deploy', withEntry(deploy, 'replicas', scale));
}

/** `default` exists when a service is on it, or when it is set up. */
function withDefaultNetwork(root: Located): Located {
  if (root.kind !== 'map') return root;
  const networks = get(root, 'networks');
  const map = networks?.kind === 'map' ? networks : locatedMap(root, []);
  if (map.entries.has('default')) return root;
  return withEntry(root, 'networks', withEntry(map, 'default', locatedMap(root, [])));
}
