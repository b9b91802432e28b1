/** The shortest decimal that reads back as the same 32-bit float, as Go's JSON has it: 0.1, not 0.10000000149011612. */
export function shortestFloat32(value: number): number {
  const rounded = Math.fround(value);
  for (let digits = 1; digits <= 9; digits += 1) {
    const short = Number(rounded.toPrecision(digits));
    if (Math.fround(short) === rounded) return short;
  }
  return rounded;
}
