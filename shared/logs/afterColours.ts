const ESCAPE = 0x1b;

/** Index of the first byte at or after `at` that is not of a control sequence (`ESC [` … letter), at most `end`. */
export function afterColours(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next + 1 < end && bytes[next] === ESCAPE && bytes[next + 1] === 0x5b) {
    let last = next + 2;
    // Parameters and intermediates, 0x20 to 0x3f, then the one byte that says what it is.
    while (last < end && (bytes[last] as number) >= 0x20 && (bytes[last] as number) < 0x40) last += 1;
    if (last >= end || (bytes[last] as number) > 0x7e || (bytes[last] as number) < 0x40) return next;
    next = last + 1;
  }
  return next;
}
