import { MAX_REPLICAS } from '../domain/limits.ts';
import {
  AUTOSCALE_DEFAULTS,
  type AutoscalePolicy,
  type QueueSource,
  type ScheduleEntry,
} from '../scaling/AutoscalePolicy.ts';
import { checkKeys } from './checkKeys.ts';
import { get, isNothing, kindName, type Located, textOf } from './Located.ts';
import { parsePercent } from './quantities.ts';
import type { ServiceReader } from './ServiceReader.ts';

const WHAT = 'x-flotilla.autoscale';
const KEYS = new Set(['min', 'max', 'cpu', 'queue', 'schedule', 'interval', 'up_after', 'down_after']);
const QUEUE_KEYS = new Set(['command', 'service', 'url', 'per_worker']);
const ENTRY_KEYS = new Set(['at', 'days', 'replicas']);
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const SHORTEST_INTERVAL_MS = 1_000;
const LONGEST_INTERVAL_MS = 3_600_000;
const MOST_LOOKS = 1_000;

/** How a service is to be scaled by itself; undefined: it is not, or what is said cannot be followed (then there are errors). */
export function readAutoscale(reader: ServiceReader): AutoscalePolicy | undefined {
  const node = get(reader.at('x-flotilla'), 'autoscale');
  if (node === undefined || isNothing(node)) return undefined;
  if (node.kind !== 'map') {
    reader.error(
      'bad-autoscale',
      node,
      `${WHAT} must be a mapping, not ${kindName(node)}.`,
      'Write for example autoscale: { min: 1, max: 8, cpu: 70% }.',
    );
    return undefined;
  }
  const before = reader.findings.errorsSaid;
  checkKeys(reader, node, KEYS, WHAT, 'bad-autoscale');
  const whole = (key: string, least: number, most: number): number | undefined =>
    reader.number(get(node, key), `${WHAT}.${key}`, { least, most, whole: true });
  const min = whole('min', 0, MAX_REPLICAS) ?? 1;
  const max = whole('max', 1, MAX_REPLICAS);
  const policy: AutoscalePolicy = {
    min,
    max: max ?? Math.max(1, min),
    cpuTarget: readCpu(reader, get(node, 'cpu')),
    queue: readQueue(reader, get(node, 'queue')),
    schedule: readSchedule(reader, get(node, 'schedule')),
    intervalMs: readInterval(reader, get(node, 'interval')),
    upAfter: whole('up_after', 1, MOST_LOOKS) ?? AUTOSCALE_DEFAULTS.upAfter,
    downAfter: whole('down_after', 1, MOST_LOOKS) ?? AUTOSCALE_DEFAULTS.downAfter,
  };
  if (max === undefined && isNothing(get(node, 'max')))
    reader.error(
      'bad-autoscale',
      node,
      `${WHAT} needs max, the most replicas it may start.`,
      'Without one a queue that grows would take the whole machine.',
    );
  else if (min > policy.max)
    reader.error(
      'bad-autoscale',
      get(node, 'min') ?? node,
      `${WHAT}: min ${min} is more than max ${policy.max}.`,
      'Write the smaller number as min.',
    );
  if (policy.cpuTarget === undefined && policy.queue === undefined && policy.schedule === undefined)
    reader.error(
      'bad-autoscale',
      node,
      `${WHAT} says nothing to scale by.`,
      'Add cpu: 70%, a queue or a schedule.',
    );
  else if (min === 0 && policy.queue === undefined && policy.schedule === undefined)
    reader.error(
      'bad-autoscale',
      get(node, 'min') ?? node,
      `${WHAT}: with cpu alone min must be 1 or more.`,
      'Where nothing runs there is no CPU use that could ask for more.',
    );
  return reader.findings.errorsSaid === before ? policy : undefined;
}

/** `70%`, or 70. */
function readCpu(reader: ServiceReader, node: Located | undefined): number | undefined {
  const text = node === undefined || isNothing(node) ? undefined : textOf(node);
  if (node === undefined || isNothing(node)) return undefined;
  const fraction = parsePercent(text ?? '');
  if (fraction !== undefined && fraction >= 0.01 && fraction <= 100) return fraction;
  reader.error(
    'bad-autoscale',
    node,
    `${WHAT}.cpu: “${text ?? kindName(node)}” is no use of a CPU from 1% to 10000%.`,
    'Write 70% for seven tenths of a worker’s CPU limit (of one core where it has none).',
  );
  return undefined;
}

function readQueue(reader: ServiceReader, node: Located | undefined): AutoscalePolicy['queue'] {
  if (node === undefined || isNothing(node)) return undefined;
  const example =
    'Write queue: { command: [redis-cli, llen, jobs], service: broker, per_worker: 10 }, or url: in place of command.';
  if (node.kind !== 'map') {
    reader.error('bad-autoscale', node, `${WHAT}.queue must be a mapping, not ${kindName(node)}.`, example);
    return undefined;
  }
  checkKeys(reader, node, QUEUE_KEYS, `${WHAT}.queue`, 'bad-autoscale');
  const command = reader.command(get(node, 'command'), `${WHAT}.queue.command`);
  const service = reader.text(get(node, 'service'), `${WHAT}.queue.service`) ?? reader.name;
  const url = reader.text(get(node, 'url'), `${WHAT}.queue.url`);
  const perWorker =
    reader.number(get(node, 'per_worker'), `${WHAT}.queue.per_worker`, {
      least: 0.001,
      most: 1e9,
      whole: false,
    }) ?? 1;
  if ((command === undefined) === (url === undefined) || command?.length === 0) {
    reader.error('bad-autoscale', node, `${WHAT}.queue needs either a command or a url.`, example);
    return undefined;
  }
  if (url !== undefined && !/^https?:\/\/[^\s/]/i.test(url)) {
    reader.error(
      'bad-autoscale',
      get(node, 'url') ?? node,
      `${WHAT}.queue.url: “${url}” is no http address.`,
      'It is asked from where Flotilla runs: publish the port, and write http://127.0.0.1:PORT/path.',
    );
    return undefined;
  }
  const source: QueueSource =
    url === undefined ? { kind: 'command', service, command: command ?? [] } : { kind: 'http', url };
  return { source, perWorker };
}

function readSchedule(reader: ServiceReader, node: Located | undefined): ScheduleEntry[] | undefined {
  if (node === undefined || isNothing(node)) return undefined;
  const example = 'Write a list such as - { at: "08:00", days: mon-fri, replicas: 8 }.';
  if (node.kind !== 'list' || node.items.length === 0) {
    reader.error(
      'bad-autoscale',
      node,
      `${WHAT}.schedule must be a list with entries, not ${node.kind === 'list' ? 'an empty one' : kindName(node)}.`,
      example,
    );
    return undefined;
  }
  return node.items.flatMap((item) => {
    if (item.kind !== 'map') {
      reader.error('bad-autoscale', item, `${WHAT}.schedule: an entry must be a mapping.`, example);
      return [];
    }
    checkKeys(reader, item, ENTRY_KEYS, `${WHAT}.schedule`, 'bad-autoscale');
    const minuteOfDay = readTime(reader, item);
    const days = readDays(reader, get(item, 'days'));
    const at = get(item, 'replicas');
    const replicas = reader.number(at, `${WHAT}.schedule.replicas`, {
      least: 0,
      most: MAX_REPLICAS,
      whole: true,
    });
    if (isNothing(at))
      reader.error('bad-autoscale', item, `${WHAT}.schedule: an entry says no replicas.`, example);
    return minuteOfDay === undefined || days === undefined || replicas === undefined
      ? []
      : [{ minuteOfDay, days, replicas }];
  });
}

function readTime(reader: ServiceReader, item: Located): number | undefined {
  const node = get(item, 'at');
  const found = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(node === undefined ? '' : (textOf(node) ?? ''));
  if (found !== null) return Number(found[1]) * 60 + Number(found[2]);
  reader.error(
    'bad-autoscale',
    node ?? item,
    `${WHAT}.schedule: an entry needs a time of day.`,
    'Write at: "08:00" in quotes: without them YAML may read it as a number.',
  );
  return undefined;
}

/** `mon-fri`, `sat,sun`, or a list of such; every day where nothing is said. */
function readDays(reader: ServiceReader, node: Located | undefined): number[] | undefined {
  if (node === undefined || isNothing(node)) return EVERY_DAY;
  const days = new Set<number>();
  for (const part of reader.texts(node, `${WHAT}.schedule.days`).flatMap((text) => text.split(','))) {
    const [first, last = first] = part
      .trim()
      .toLowerCase()
      .split('-')
      .map((name) => DAYS.findIndex((day) => name.startsWith(day)));
    if (first === undefined || last === undefined || first === -1 || last === -1) {
      reader.error(
        'bad-autoscale',
        node,
        `${WHAT}.schedule.days: “${part.trim()}” is no day.`,
        `Write names such as ${DAYS.slice(1, 4).join(', ')}, or ranges such as mon-fri.`,
      );
      return undefined;
    }
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === last) break;
    }
  }
  return [...days].sort((a, b) => a - b);
}

function readInterval(reader: ServiceReader, node: Located | undefined): number {
  const ms = reader.duration(node, `${WHAT}.interval`);
  if (ms === undefined || node === undefined) return AUTOSCALE_DEFAULTS.intervalMs;
  if (ms >= SHORTEST_INTERVAL_MS && ms <= LONGEST_INTERVAL_MS) return ms;
  reader.error('bad-autoscale', node, `${WHAT}.interval must be from 1s to 1h.`, 'Write for example 5s.');
  return AUTOSCALE_DEFAULTS.intervalMs;
}
