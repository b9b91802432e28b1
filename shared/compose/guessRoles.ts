import type { Role } from '../domain/Role.ts';
import type { Findings } from './Findings.ts';
import { get, isNothing, textOf } from './Located.ts';
import type { ReadService } from './readService.ts';

const SERVICE_IMAGES =
  /(^|\/)(postgres|postgis|mysql|mariadb|mongo|redis|valkey|memcached|rabbitmq|nats|kafka|zookeeper|nginx|traefik|caddy|httpd|minio|elasticsearch|opensearch|influxdb|grafana|prometheus|mosquitto|etcd|consul|registry|adminer)([:@-]|$)/;
const WORKER_NAMES = /work|sub|node|slave|compute|solver|agent|render|executor|child|shard|replica|member/i;
const MAIN_NAMES =
  /^(main|master|leader|manager|head|coordinator|driver|process(es)?|scheduler|controller|root|primary|orchestrator|run|app)$|main|master|coordinator|scheduler/i;

export interface GivenRole {
  role: Role;
  roleSource: 'declared' | 'guessed';
  roleReason: string;
}

/** Each service's role: the one its `x-flotilla` names, else a guess from image, name and replicas. At most one main is guessed. */
export function giveRoles(services: readonly ReadService[], findings: Findings): Map<string, GivenRole> {
  const roles = new Map<string, GivenRole>();
  for (const service of services) {
    const declared = declaredRole(service, findings);
    if (declared !== undefined) roles.set(service.model.name, declared);
  }
  const left = services.filter((service) => !roles.has(service.model.name));
  const guess = (service: ReadService, role: Role, roleReason: string): void =>
    void roles.set(service.model.name, { role, roleSource: 'guessed', roleReason });
  for (const service of left) {
    const { name, image, build, replicas } = service.model;
    if (build === undefined && SERVICE_IMAGES.test(image))
      guess(service, 'service', `${image} is a known database, broker or server.`);
    else if (replicas > 1) guess(service, 'worker', `The file asks for ${replicas} replicas.`);
    else if (WORKER_NAMES.test(name) && !/^main/i.test(name)) guess(service, 'worker', 'Its name says so.');
  }
  const hasMain = (): boolean => [...roles.values()].some((given) => given.role === 'main');
  const open = (): ReadService[] => left.filter((service) => !roles.has(service.model.name));
  const byName = open().find((service) => MAIN_NAMES.test(service.model.name));
  if (!hasMain() && byName !== undefined) guess(byName, 'main', 'Its name says so.');
  const built = open().filter((service) => service.model.build !== undefined);
  const [only, another] = built;
  if (!hasMain() && only !== undefined && another === undefined)
    guess(only, 'main', 'It is the one service that is built here and no worker.');
  const depended = new Set(
    services.flatMap((service) => service.model.dependsOn.map((dependency) => dependency.service)),
  );
  const leading = open().find(
    (service) => depended.has(service.model.name) && service.model.build !== undefined,
  );
  if (!hasMain() && leading !== undefined) guess(leading, 'main', 'Others wait for it.');
  for (const service of open()) guess(service, 'service', 'Nothing in the file says more.');
  return roles;
}

function declaredRole(service: ReadService, findings: Findings): GivenRole | undefined {
  const extension = get(service.entry.value, 'x-flotilla');
  const node = get(extension, 'role');
  if (node === undefined || isNothing(node)) return undefined;
  const text = textOf(node);
  if (text === 'main' || text === 'worker' || text === 'service') {
    const line = findings.source(node.file)?.range(node.start, node.end).line;
    return {
      role: text,
      roleSource: 'declared',
      roleReason: `Declared in ${node.file}${line === undefined ? '' : `:${line}`}.`,
    };
  }
  findings.add({
    code: 'bad-role',
    severity: 'error',
    file: node.file,
    start: node.start,
    end: node.end,
    service: service.model.name,
    message: `${service.model.name}: “${text ?? '?'}” is no role.`,
    explanation: 'There are main (leads), worker (is scaled) and service (databases, brokers).',
  });
  return undefined;
}
