import { contextServices } from '../build/contextServices.ts';
import type { Findings, FixDraft } from './Findings.ts';
import { checkControl } from './checkControl.ts';
import { findCircles } from './findCircles.ts';
import type { GivenRole } from './guessRoles.ts';
import { isShortForm } from './isShortForm.ts';
import { get, type Located } from './Located.ts';
import { SERVICE_KEYS, UNSUPPORTED_SERVICE_KEYS } from './knownKeys.ts';
import type { ReadService } from './readService.ts';
import { removeEntry, removeFromEntry } from './removalEdits.ts';
import { switchProfileOn } from './switchProfileOn.ts';

/**
 * What can only be told when all services are known: missing partners, circles, ports twice, what stands in the way of scaling.
 * @param disabled profiles of the services that are off by them
 */
export function checkServices(
  services: readonly ReadService[],
  disabled: ReadonlyMap<string, readonly string[]>,
  roles: ReadonlyMap<string, GivenRole>,
  findings: Findings,
): void {
  for (const service of services) {
    checkImageSource(service, findings);
    checkScaling(service, roles.get(service.model.name)?.role === 'worker', findings);
  }
  checkControl(services, roles, findings);
  checkDependencies(services, disabled, findings);
  checkBuildCircles(services, findings);
  checkPortsTwice(services, findings);
}

/** A service that is built with the image of another one cannot be built before it. */
function checkBuildCircles(services: readonly ReadService[], findings: Findings): void {
  const byName = new Map(services.map((service) => [service.model.name, service]));
  const circles = findCircles(byName.keys(), (name) => contextServices(byName.get(name)?.model.build));
  for (const circle of circles) {
    const last = byName.get(circle.at(-2) ?? '');
    const at = get(get(last?.entry.value, 'build'), 'additional_contexts');
    if (last === undefined || at === undefined) continue;
    findings.add({
      code: 'build-cycle',
      severity: 'error',
      file: at.file,
      start: at.start,
      end: at.end,
      service: last.model.name,
      message: `Services are built with the images of each other: ${circle.join(' → ').slice(0, 1000)}.`,
      explanation: 'None of them could be built first.',
    });
  }
}

/** True for an entry under `services` that cannot be one: neither image nor build, and no key that Compose knows. */
export function isBogus(service: ReadService): boolean {
  const { value } = service.entry;
  if (value.kind !== 'map') return false;
  // What is only assumed (the default network) stands where the service stands.
  const keys = [...value.entries]
    .filter(([, { key }]) => key.file !== value.file || key.start !== value.start || key.end !== value.end)
    .map(([key]) => key);
  return (
    keys.length > 0 &&
    keys.every((key) => !SERVICE_KEYS.has(key) && !UNSUPPORTED_SERVICE_KEYS.has(key) && !key.startsWith('x-'))
  );
}

function checkImageSource(service: ReadService, findings: Findings): void {
  const { model, entry } = service;
  const place = { file: entry.key.file, start: entry.key.start, end: entry.key.end, service: model.name };
  if (
    model.build !== undefined ||
    get(entry.value, 'image') !== undefined ||
    get(entry.value, 'build') !== undefined
  )
    return;
  if (isBogus(service)) {
    const keys = entry.value.kind === 'map' ? [...entry.value.entries.keys()].join(', ') : '';
    findings.add({
      code: 'bogus-service',
      severity: 'error',
      ...place,
      message: `“${model.name}” is no service: it has neither an image nor a build, only ${keys}.`,
      explanation:
        'Every entry under services is a program to run. This one looks like a setting of something else, and Compose refuses the file because of it.',
      fixes: [{ id: 'remove-service', title: `Remove “${model.name}”`, edits: removeEntry(findings, entry) }],
    });
    return;
  }
  findings.add({
    code: 'no-image',
    severity: 'error',
    ...place,
    message: `${model.name} has neither an image nor a build.`,
    explanation:
      'Flotilla cannot know what to run. Write build: . to build the Dockerfile beside the file, or image: name.',
  });
}

function checkScaling(service: ReadService, isWorker: boolean, findings: Findings): void {
  const { model, entry, ports } = service;
  const isMany = model.replicas > 1;
  if (!isWorker && !isMany) return;
  for (const { port, node } of ports) {
    if (port.hostPort === undefined || port.hostPort.first !== port.hostPort.last) continue;
    const fixed = port.hostPort.first;
    findings.add({
      code: 'fixed-host-port',
      severity: isMany ? 'error' : 'warning',
      file: node.file,
      start: node.start,
      end: node.end,
      service: model.name,
      message: `${model.name} publishes host port ${fixed}, which only one replica can have.`,
      explanation: `The second replica would fail to start: the port is taken. Workers are usually reached through the app’s own network, by the name “${model.name}”, without any published port.`,
      fixes: portFixes(service, node, port, findings),
    });
  }
  const name = get(entry.value, 'container_name');
  if (name === undefined || entry.value.kind !== 'map') return;
  const named = entry.value.entries.get('container_name');
  findings.add({
    code: 'container-name-blocks-scale',
    severity: isMany ? 'error' : 'warning',
    file: name.file,
    start: name.start,
    end: name.end,
    service: model.name,
    message: `${model.name} has a fixed container_name, which only one replica can have.`,
    explanation: 'Without it each replica gets a name of its own: project, service, number.',
    fixes:
      named === undefined
        ? []
        : [{ id: 'remove-name', title: 'Remove container_name', edits: removeEntry(findings, named) }],
  });
}

function portFixes(
  service: ReadService,
  node: Located,
  port: ReadService['ports'][number]['port'],
  findings: Findings,
): FixDraft[] {
  const suffix = port.protocol === 'tcp' ? '' : `/${port.protocol}`;
  const fixed = port.hostPort?.first ?? 0;
  const last = Math.min(65_535, fixed + 19);
  const replace = (newText: string): FixDraft['edits'] => [
    { file: node.file, start: node.start, end: node.end, newText },
  ];
  const owner = service.entry.value;
  const fixes: FixDraft[] = [];
  if (node.kind === 'scalar' || (node.kind === 'map' && isShortForm(node))) {
    fixes.push(
      {
        id: 'engine-picks',
        title: 'Let the engine pick a free port for each replica',
        edits: replace(`"${port.containerPort}${suffix}"`),
      },
      {
        id: 'port-range',
        title: `Use the ports ${fixed} to ${last}`,
        edits: replace(`"${fixed}-${last}:${port.containerPort}${suffix}"`),
      },
    );
  }
  if (owner.kind === 'map')
    fixes.push({
      id: 'remove-port',
      title: 'Do not publish it',
      edits: removeFromEntry(findings, owner, 'ports', node),
    });
  return fixes;
}

function checkDependencies(
  services: readonly ReadService[],
  disabled: ReadonlyMap<string, readonly string[]>,
  findings: Findings,
): void {
  const byName = new Map(services.map((service) => [service.model.name, service]));
  const tell = (
    service: ReadService,
    code: string,
    message: string,
    explanation: string,
    fixes: FixDraft[] = [],
  ): void => {
    const { file, start, end } = get(service.entry.value, 'depends_on') ?? service.entry.key;
    findings.add({
      code,
      severity: 'error',
      file,
      start,
      end,
      service: service.model.name,
      message,
      explanation,
      fixes,
    });
  };
  for (const service of services)
    for (const { service: wanted, required } of service.model.dependsOn) {
      if (!required || byName.has(wanted)) continue;
      const isOff = disabled.has(wanted);
      tell(
        service,
        'depends-on-missing',
        `${service.model.name} depends on “${wanted}”, which is ${isOff ? 'off by its profiles' : 'no service'}.`,
        isOff
          ? 'Switch one of its profiles on with COMPOSE_PROFILES in .env, or write required: false.'
          : `There are: ${[...byName.keys()].join(', ').slice(0, 1000)}.`,
        (disabled.get(wanted) ?? []).flatMap((profile) => switchProfileOn(profile, findings)),
      );
    }
  const dependenciesOf = (name: string): string[] =>
    (byName.get(name)?.model.dependsOn ?? []).map((dependency) => dependency.service);
  for (const circle of findCircles(byName.keys(), dependenciesOf)) {
    const service = byName.get(circle.at(-2) ?? '');
    if (service !== undefined)
      tell(
        service,
        'depends-on-cycle',
        `These services wait for each other: ${circle.join(' → ').slice(0, 1000)}.`,
        'None of them could ever start. Take one of the depends_on away.',
      );
  }
}

function checkPortsTwice(services: readonly ReadService[], findings: Findings): void {
  const taken = new Map<string, string>();
  for (const { model, ports } of services) {
    for (const { port, node } of ports) {
      if (port.hostPort === undefined || port.hostPort.first !== port.hostPort.last) continue;
      const key = `${port.hostPort.first}/${port.protocol}`;
      const owner = taken.get(key);
      if (owner !== undefined)
        findings.add({
          code: 'host-port-twice',
          severity: 'error',
          file: node.file,
          start: node.start,
          end: node.end,
          service: model.name,
          message: `Host port ${key} is published twice: by ${owner} and by ${model.name}.`,
          explanation: 'Only the first to start would get it. Choose another host port for one of them.',
        });
      else taken.set(key, model.name);
    }
  }
}
