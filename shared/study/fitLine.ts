/**
 * The line y = a + b·x with a and b not negative that comes closest: weighted least squares, and where one of the two would be negative, the
 * better of the two lines with one of them 0 (Lawson & Hanson, Solving Least Squares Problems, 1974, chapter 23, in two unknowns).
 */
export function fitLine(points: readonly { x: number; y: number; weight: number }[]): {
  a: number;
  b: number;
} {
  let [w, wx, wxx, wy, wxy] = [0, 0, 0, 0, 0];
  for (const { x, y, weight } of points) {
    const square = weight ** 2;
    w += square;
    wx += square * x;
    wxx += square * x * x;
    wy += square * y;
    wxy += square * x * y;
  }
  const determinant = w * wxx - wx * wx;
  const a = (wxx * wy - wx * wxy) / determinant;
  const b = (w * wxy - wx * wy) / determinant;
  if (a >= 0 && b >= 0) return { a, b };
  const flat = { a: Math.max(0, wy / w), b: 0 };
  const steep = { a: 0, b: Math.max(0, wxy / wxx) };
  const miss = (line: { a: number; b: number }): number =>
    points.reduce((sum, { x, y, weight }) => sum + (weight * (y - line.a - line.b * x)) ** 2, 0);
  return miss(flat) <= miss(steep) ? flat : steep;
}
