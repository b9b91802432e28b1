/** A text as a cell of a CSV file (RFC 4180): in quotes where it has to be. */
export function csvText(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
