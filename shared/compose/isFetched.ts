/** An address that BuildKit fetches by itself when it is given as a build context (as `docker buildx` tells one from a folder): http(s) or git. */
export function isFetched(context: string): boolean {
  return /^(?:https?:\/\/|git:\/\/|ssh:\/\/|git@|github\.com\/)\S+$/.test(context);
}
