import { get, type Located, textOf } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** The devices of a service as `SOURCE[:TARGET[:PERMISSIONS]]`, without what is assumed anyway; each with its place. */
export function readDevices(reader: ServiceReader): { device: string; node: Located }[] {
  const devices = reader.at('devices');
  return (devices?.kind === 'list' ? devices.items : []).map((node) => ({ device: deviceText(node), node }));
}

function deviceText(node: Located): string {
  if (node.kind !== 'map') return textOf(node) ?? '';
  const source = textOf(get(node, 'source')) ?? '';
  const target = textOf(get(node, 'target')) ?? source;
  const permissions = textOf(get(node, 'permissions')) ?? 'rwm';
  if (permissions !== 'rwm') return `${source}:${target}:${permissions}`;
  return target === source ? source : `${source}:${target}`;
}
