import { BlockList, isIP } from 'node:net';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { EngineInfo } from '#shared/domain/Engine.ts';

/** `GET /networks/{id}` (Docker Engine API 1.41), as far as it is read. */
export interface NetworkInspection {
  Id: string;
  Name: string;
  Driver?: string;
  Options?: Record<string, string> | null;
  IPAM?: { Config?: { Subnet?: string; Gateway?: string }[] | null } | null;
}

/** Where a door is to listen, how main calls it, and who may knock. */
export interface DoorPlace {
  address: string;
  urlHost: string;
  admits: (address: string) => boolean;
}

export interface PlaceQuestion {
  host: string;
  info: Pick<EngineInfo, 'product' | 'operatingSystem' | 'rootless'>;
  network: NetworkInspection;
  /** Whether this machine has a network interface of that name. */
  hasInterface: (name: string) => boolean;
}

/**
 * An address that main's container reaches and nobody outside does. With an engine on this machine that is the gateway of the app's own
 * network: the host's end of the bridge. Docker Desktop runs containers in a virtual machine and leads `host.docker.internal` to this
 * machine's loopback.
 *
 * @throws FlotillaError `unsupported` saying why there is no such address
 */
export function doorPlace({ host, info, network, hasInterface }: PlaceQuestion): DoorPlace {
  if (!host.startsWith('unix://') && !host.startsWith('npipe://'))
    throw noDoor(`the engine at ${host} is not on this machine`);
  if (info.operatingSystem.startsWith('Docker Desktop'))
    return {
      address: '127.0.0.1',
      urlHost: 'host.docker.internal',
      admits: (address) => address === '127.0.0.1',
    };
  if (info.rootless)
    throw noDoor('a rootless engine keeps its networks to itself, and containers do not reach this machine');
  if (network.Driver !== undefined && network.Driver !== 'bridge')
    throw noDoor(`its network ${network.Name} is of the kind “${network.Driver}”, not a bridge`);
  if (info.product === 'Podman')
    throw noDoor('Podman makes the bridge of a network with its first container, too late to listen there');
  const bridge = network.Options?.['com.docker.network.bridge.name'] ?? `br-${network.Id.slice(0, 12)}`;
  // A socket may lead to another machine (ssh -L). The bridge is named after the network's id: where it is, the engine is.
  if (!hasInterface(bridge))
    throw noDoor(
      `the network ${network.Name} is not on this machine (no interface ${bridge}): ${info.product} runs elsewhere, or in a machine of its own`,
    );
  const pools = (network.IPAM?.Config ?? []).flatMap(({ Subnet, Gateway }) =>
    Subnet === undefined || Gateway === undefined || isIP(Gateway) === 0
      ? []
      : [{ subnet: Subnet, gateway: Gateway }],
  );
  // IPv4 where there is both: every program's HTTP client knows it.
  const pool = pools.find(({ gateway }) => isIP(gateway) === 4) ?? pools[0];
  if (pool === undefined) throw noDoor(`the network ${network.Name} tells no gateway`);
  return {
    address: pool.gateway,
    urlHost: isIP(pool.gateway) === 6 ? `[${pool.gateway}]` : pool.gateway,
    admits: within(pool),
  };
}

/** Addresses of containers: of the subnet, but not this machine's own in it. */
function within({ subnet, gateway }: { subnet: string; gateway: string }): (address: string) => boolean {
  const version = isIP(gateway);
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const [base = '', bits = ''] = subnet.split('/');
  const list = new BlockList();
  list.addSubnet(base, Number(bits), family);
  return (address) => address !== gateway && isIP(address) === version && list.check(address, family);
}

export function noDoor(reason: string): FlotillaError {
  return new FlotillaError('unsupported', `main cannot have a control door: ${reason}.`, {
    hint: 'Run the app on a Docker engine of this machine, or take x-flotilla: { control: true } out.',
  });
}
