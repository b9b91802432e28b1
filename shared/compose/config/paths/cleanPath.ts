/** A path without `.`, `..`, doubled and trailing slashes, as Go's `path.Clean` leaves it. Empty becomes `.`. */
export function cleanPath(path: string): string {
  const isAbsolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isAbsolute) parts.push('..');
  }
  return isAbsolute ? `/${parts.join('/')}` : parts.join('/') || '.';
}
