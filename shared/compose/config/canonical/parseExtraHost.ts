/** `HOST=ADDRESS` or `HOST:ADDRESS`; brackets of an IPv6 address are taken off. Undefined for what gives no address. */
export function parseExtraHost(text: string): { host: string; address: string } | undefined {
  const match = /^([^=:]+)=(.*)$/s.exec(text) ?? /^([^=:]+):([^=]*)$/s.exec(text);
  if (match === null) return undefined;
  const [, host = '', address = ''] = match;
  return { host, address: address.replace(/^\[(.+)\]$/s, '$1') };
}
