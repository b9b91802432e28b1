import type { NetworkUse, ServiceModel } from '../domain/ServiceModel.ts';
import { get, type Located } from './Located.ts';
import { listed, said } from './onlySaid.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** The networks a service is on; the first is its containers' own. */
export function readNetworkUses(reader: ServiceReader): ServiceModel['networks'] {
  const node = reader.at('networks');
  if (node === undefined)
    return reader.at('network_mode') === undefined ? [{ name: 'default', aliases: [] }] : [];
  if (node.kind === 'map')
    return [...node.entries]
      .map(([name, { value }]) => ({ use: readNetworkUse(reader, name, value), rank: rankOf(reader, value) }))
      .sort((one, other) => other.rank - one.rank)
      .map(({ use }) => use);
  return reader.texts(node, 'networks').map((name) => ({ name, aliases: [] }));
}

function readNetworkUse(reader: ServiceReader, name: string, node: Located): NetworkUse {
  const text = (key: string): string | undefined => reader.text(get(node, key), key) || undefined;
  return {
    name,
    aliases: reader.texts(get(node, 'aliases'), 'aliases'),
    ...said({
      ipv4: text('ipv4_address'),
      ipv6: text('ipv6_address'),
      linkLocalIps: listed(reader.texts(get(node, 'link_local_ips'), 'link_local_ips')),
      macAddress: text('mac_address'),
    }),
  };
}

/** The network of the highest priority comes first: it is the container's own. */
const rankOf = (reader: ServiceReader, node: Located): number =>
  reader.number(get(node, 'priority'), 'priority', { least: -1e9, most: 1e9, whole: false }) ?? 0;
