/** A build context that is no folder of this machine: a URL, a git address, an image, another service's. */
export function isRemote(context: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/|service:|target:|docker-image:)/.test(context);
}
