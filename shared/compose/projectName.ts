/** A project name as Compose makes one of a folder's: lower case, without what names may not contain. */
export function projectName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
  return name === '' ? 'app' : name.slice(0, 60);
}
