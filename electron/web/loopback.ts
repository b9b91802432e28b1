/** Names under which this machine reaches itself; anything else in `Host` is somebody's rebinding trick. */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** The port may be any: an ssh tunnel changes it. */
export function isLoopbackHost(host: string | undefined): host is string {
  return host !== undefined && LOOPBACK.test(host);
}

/** A request that a page of another origin made: refused. Requests without `Origin` come from no page. */
export function isForeignOrigin(origin: string | undefined, host: string): boolean {
  return origin !== undefined && origin !== `http://${host}`;
}
