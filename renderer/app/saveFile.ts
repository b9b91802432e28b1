/** Gives a file to the browser to save. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/**
 * `pi-2026-03-01-140359.log`; only characters that every file system takes.
 * @param otherwise in place of a title that has none
 */
export function fileName(title: string, otherwise: string, now: Date, ending: string): string {
  const safe = title
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, 60);
  const stamp = now.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  return `${safe === '' ? otherwise : safe}-${stamp}.${ending}`;
}
