/** Under which docker keeps the sign-in of Docker Hub. */
const HUB_KEY = 'https://index.docker.io/v1/';

const HUB_HOSTS = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
]);

/** The key of docker's configuration for a registry: its host, but for Docker Hub its old address. */
export function registryKey(host: string): string {
  return HUB_HOSTS.has(hostOfKey(host)) ? HUB_KEY : host;
}

/** Host and port of a key: older ones are written as addresses. */
function hostOfKey(key: string): string {
  return key.replace(/^https?:\/\//i, '').replace(/\/.*$/, '');
}

/** The entry for a registry: the exact key first, then one that names the same host in another way. */
export function entryFor<Entry>(
  entries: ReadonlyMap<string, Entry>,
  host: string,
): [string, Entry] | undefined {
  const key = registryKey(host);
  const exact = entries.get(key);
  if (exact !== undefined) return [key, exact];
  for (const [other, entry] of entries) if (registryKey(hostOfKey(other)) === key) return [other, entry];
  return undefined;
}
