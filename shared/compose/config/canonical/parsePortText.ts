/** One published port as the long form has it. */
export interface PortText {
  hostIp: string;
  target: number;
  /** A port, a range `8001-8003` the engine picks from, or empty for any. */
  published: string;
  protocol: string;
}

/** No compose file needs more ports in one line; each becomes a proxy of the engine. */
const MOST_PORTS = 1000;

/**
 * `[[IP:]HOST:]CONTAINER[/PROTOCOL]`, each port a number or a range (Compose specification, services, ports), in the order in which
 * compose lists them: as texts, `10` before `9`.
 */
export function parsePortText(text: string): PortText[] | { problem: string; fix?: string } {
  const slash = text.lastIndexOf('/');
  const protocol = (slash === -1 ? 'tcp' : text.slice(slash + 1)).toLowerCase() || 'tcp';
  const [address, host, container] = split(slash === -1 ? text : text.slice(0, slash));
  const inner = range(container);
  if (container === '') return { problem: 'no container port is given' };
  if (!['tcp', 'udp', 'sctp'].includes(protocol))
    return { problem: `“${protocol}” is no protocol: there are tcp, udp and sctp` };
  if (inner?.first === 0) return { problem: 'the container port is 0' };
  const ip = address.replace(/^\[(.*)\]$/, '$1');
  // Without brackets nobody could tell its colons from the others.
  if (address !== '' && (!isAddress(ip) || (ip.includes(':') && ip === address)))
    return { problem: `“${address}” is no IP address; IPv6 ones are written in brackets` };
  if (inner === undefined) return { problem: `“${container}” is no container port` };
  const outer = host === '' ? undefined : range(host);
  if (host !== '' && outer === undefined) return { problem: `“${host}” is no host port` };
  const count = inner.last - inner.first + 1;
  if (count > MOST_PORTS)
    return { problem: `${count} ports in one line are more than Flotilla takes (${MOST_PORTS})` };
  // One port of the container may be published on any of a range; otherwise the ranges go in step.
  const picks = outer !== undefined && outer.last !== outer.first && count === 1;
  if (outer !== undefined && !picks && outer.last - outer.first + 1 !== count)
    return { problem: `the ranges ${host} and ${container} differ in length` };
  const ports = Array.from({ length: count }, (_, at): PortText => {
    const published =
      outer === undefined ? '' : picks ? `${outer.first}-${outer.last}` : String(outer.first + at);
    return { hostIp: ip, target: inner.first + at, published, protocol };
  });
  return ports.sort((a, b) => (`${a.target}/` < `${b.target}/` ? -1 : 1));
}

/** IP, host port and container port; colons of an IPv6 address in brackets do not count. */
function split(text: string): [ip: string, host: string, container: string] {
  const parts = text.split(':');
  const container = parts.pop() ?? '';
  const host = parts.pop() ?? '';
  return [parts.join(':'), host, container];
}

function range(text: string): { first: number; last: number } | undefined {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first <= last && last <= 65_535 ? { first, last } : undefined;
}

function isAddress(text: string): boolean {
  if (text.includes(':')) return /^[0-9a-fA-F:]+(?:\d+\.\d+\.\d+\.\d+)?(?:%\w+)?$/.test(text);
  const bytes = text.split('.');
  return bytes.length === 4 && bytes.every((byte) => /^(?:0|[1-9]\d{0,2})$/.test(byte) && Number(byte) < 256);
}
