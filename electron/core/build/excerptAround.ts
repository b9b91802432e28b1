/** The lines up to two before and after `line`, each with its 1-based number. */
export function excerptAround(
  lines: readonly string[],
  line: number,
  endLine = line,
): { line: number; text: string }[] {
  const from = Math.max(1, line - 2);
  const to = Math.min(lines.length, endLine + 2, from + 15);
  const excerpt: { line: number; text: string }[] = [];
  for (let number = from; number <= to; number += 1)
    excerpt.push({ line: number, text: (lines[number - 1] ?? '').replace(/\r$/, '').slice(0, 400) });
  return excerpt;
}
