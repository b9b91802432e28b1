import type { PortModel } from '../domain/ServiceModel.ts';
import { get, type Located, textOf } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** Nobody but this machine reaches a port unless the file says so. */
export const DEFAULT_HOST_IP = '127.0.0.1';

/** A published port with the place it stands at, for fixes. */
export interface ReadPort {
  port: PortModel;
  node: Located;
}

export function readPorts(reader: ServiceReader, findPort: (port: PortModel, node: Located) => void): void {
  const ports = reader.at('ports');
  if (ports === undefined) return;
  if (ports.kind !== 'list')
    return reader.error(
      'wrong-kind',
      ports,
      'ports must be a list.',
      'Write each port on a line that begins with “- ”.',
    );
  for (const node of ports.items) {
    for (const port of node.kind === 'map' ? longPort(reader, node) : shortPort(reader, node)) {
      findPort({ ...port, range: reader.findings.source(node.file)?.range(node.start, node.end) }, node);
    }
  }
}

/** `[[ip:]host:]container[/protocol]`, each port a number or a range. */
function shortPort(reader: ServiceReader, node: Located): PortModel[] {
  const text = textOf(node);
  const match =
    /^(?:(?:(\[[0-9a-f:.]+\]|\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]+:[0-9a-f:]*):)?(\d*(?:-\d+)?):)?(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/i.exec(
      text?.trim() ?? '',
    );
  if (match === null) {
    reader.error(
      'bad-port',
      node,
      `“${text ?? ''}” is no port.`,
      'Write CONTAINER, HOST:CONTAINER or IP:HOST:CONTAINER, as in "8080:80".',
    );
    return [];
  }
  const [, ip, host = '', first = '', last = first, protocol = 'tcp'] = match;
  return ports(reader, node, { hostIp: ip?.replace(/^\[|\]$/g, ''), host, first, last, protocol });
}

function longPort(reader: ServiceReader, node: Located): PortModel[] {
  const target = textOf(get(node, 'target'));
  if (target === undefined || !/^\d+$/.test(target)) {
    reader.error(
      'bad-port',
      node,
      'A port needs its target, the port inside the container.',
      'Write target: 80.',
    );
    return [];
  }
  return ports(reader, node, {
    hostIp: textOf(get(node, 'host_ip')),
    host: textOf(get(node, 'published')) ?? '',
    first: target,
    last: target,
    protocol: textOf(get(node, 'protocol')) ?? 'tcp',
  });
}

function ports(
  reader: ServiceReader,
  node: Located,
  text: { hostIp: string | undefined; host: string; first: string; last: string; protocol: string },
): PortModel[] {
  const first = Number(text.first);
  const last = Number(text.last);
  const [hostFirst, hostLast = hostFirst] = text.host === '' ? [] : text.host.split('-').map(Number);
  for (const number of [first, last, hostFirst, hostLast]) {
    if (number === undefined || (Number.isInteger(number) && number >= 1 && number <= 65_535)) continue;
    reader.error(
      'bad-port',
      node,
      `${number} is no port number.`,
      'Ports go from 1 to 65535. To let the engine pick the host port, leave it out.',
    );
    return [];
  }
  const count = last - first + 1;
  if (
    count < 1 ||
    count > 1000 ||
    (hostFirst !== undefined && hostLast !== undefined && hostLast < hostFirst)
  ) {
    reader.error(
      'bad-port',
      node,
      'The range of ports runs backwards or is very long.',
      'Write the smaller number first, and at most 1000 ports.',
    );
    return [];
  }
  const hostIp = text.hostIp ?? DEFAULT_HOST_IP;
  const protocol = text.protocol.toLowerCase() as PortModel['protocol'];
  if (count === 1)
    return [
      {
        hostIp,
        containerPort: first,
        protocol,
        ...(hostFirst === undefined || hostLast === undefined
          ? {}
          : { hostPort: { first: hostFirst, last: hostLast } }),
      },
    ];
  if (hostFirst !== undefined && hostLast !== undefined && hostLast - hostFirst + 1 !== count) {
    reader.error(
      'bad-port',
      node,
      'The ranges of host and container ports differ in length.',
      'Give both the same length.',
    );
    return [];
  }
  return Array.from({ length: count }, (_, at) => ({
    hostIp,
    containerPort: first + at,
    protocol,
    ...(hostFirst === undefined ? {} : { hostPort: { first: hostFirst + at, last: hostFirst + at } }),
  }));
}
