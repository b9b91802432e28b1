/** More than any machine has; a range beyond is no list of CPUs but a slip. */
const MOST = 65_536;

/** A list of CPUs or nodes as the kernel writes it (`0-3,8`, cpuset(7)), ascending and without repeats. What is no number is left out. */
export function parseCpuList(text: string): number[] {
  const found = new Set<number>();
  for (const part of text.trim().split(',')) {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    if (first === undefined || Number(last) >= MOST) continue;
    for (let number = Number(first); number <= Number(last); number += 1) found.add(number);
  }
  return [...found].sort((a, b) => a - b);
}

/** The shortest list of these numbers: `0-3,8`. */
export function formatCpuList(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const number of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** Whether two lists have the same numbers, however they are written. */
export const isSameCpuList = (one: string, other: string): boolean =>
  one === other || formatCpuList(parseCpuList(one)) === formatCpuList(parseCpuList(other));
