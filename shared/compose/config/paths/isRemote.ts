/** A build context that is no folder of this machine: a URL, a git address, an image, another service's. */
export function isRemote(context: string): boolean {
  return context.includes('://') || /^(?:git@|github\.com\/|service:)/.test(context);
}
