/** A curve with parameters: its value, and the derivatives of it by each parameter, at x. */
export interface Curve {
  value(parameters: readonly number[], x: number): number;
  gradient(parameters: readonly number[], x: number): number[];
}

const MOST_STEPS = 500;
/** A step that makes the sum of squares less by a smaller part is the last. */
const NEGLIGIBLE = 1e-14;
const MOST_DAMPING = 1e16;

/**
 * The parameters, none below its bound, for which the squares of the weighted differences between curve and points have the least sum: Levenberg's method
 * with Marquardt's scaling (SIAM J. Appl. Math. 11, 1963); a parameter that a step would take below its bound is held there for that step.
 *
 * @param start within the bounds
 * @param weights by which each difference is multiplied; 1 for all is ordinary least squares
 */
export function fitLevenberg(
  curve: Curve,
  points: readonly { x: number; y: number }[],
  start: readonly number[],
  bounds: readonly number[],
  weights: readonly number[],
): number[] {
  const differences = (parameters: readonly number[]): number[] =>
    points.map(({ x, y }, index) => (y - curve.value(parameters, x)) * (weights[index] as number));
  let parameters = [...start];
  let left = differences(parameters);
  let sum = sumOfSquares(left);
  let damping = 1e-3;
  for (let step = 0; step < MOST_STEPS && damping < MOST_DAMPING; step += 1) {
    const slopes = points.map(({ x }, index) =>
      curve.gradient(parameters, x).map((slope) => slope * (weights[index] as number)),
    );
    const descent = parameters.map((_, column) =>
      slopes.reduce((total, row, index) => total + (row[column] as number) * (left[index] as number), 0),
    );
    const next = stepWithin(parameters, bounds, slopes, descent, damping);
    const nextLeft = differences(next);
    const nextSum = sumOfSquares(nextLeft);
    if (!(nextSum < sum)) {
      damping *= 4;
      continue;
    }
    const gained = sum - nextSum;
    [parameters, left, sum, damping] = [next, nextLeft, nextSum, Math.max(1e-12, damping / 8)];
    if (gained <= NEGLIGIBLE * sum) break;
  }
  return parameters;
}

function stepWithin(
  parameters: readonly number[],
  bounds: readonly number[],
  slopes: readonly (readonly number[])[],
  descent: readonly number[],
  damping: number,
): number[] {
  // Held from the beginning: what stands at its bound and would go below it.
  const held = parameters.map(
    (value, index) => value <= (bounds[index] as number) && (descent[index] as number) <= 0,
  );
  for (;;) {
    const free = held.flatMap((isHeld, index) => (isHeld ? [] : [index]));
    const normal = free.map((row) =>
      free.map((column) => {
        const product = slopes.reduce(
          (total, slope) => total + (slope[row] as number) * (slope[column] as number),
          0,
        );
        return row === column ? product * (1 + damping) + Number.MIN_VALUE : product;
      }),
    );
    const solved = solve(
      normal,
      free.map((index) => descent[index] as number),
    );
    const next = [...parameters];
    free.forEach((index, at) => (next[index] = (next[index] as number) + (solved[at] as number)));
    const below = free.find((index) => (next[index] as number) < (bounds[index] as number));
    if (below === undefined) return next;
    const isThere = (parameters[below] as number) <= (bounds[below] as number);
    if (!isThere) {
      next.forEach((value, index) => (next[index] = Math.max(value, bounds[index] as number)));
      return next;
    }
    held[below] = true;
  }
}

/** Gauss's elimination with the greatest pivot; what cannot be solved for stays 0. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] as number]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot] as number[], rows[column] as number[]];
    const head = rows[column] as number[];
    if (head[column] === 0 || !Number.isFinite(head[column])) return right.map(() => 0);
    for (let row = column + 1; row < size; row += 1) {
      const other = rows[row] as number[];
      const factor = (other[column] as number) / (head[column] as number);
      for (let at = column; at <= size; at += 1)
        other[at] = (other[at] as number) - factor * (head[at] as number);
    }
  }
  const solution = right.map(() => 0);
  for (let row = size - 1; row >= 0; row -= 1) {
    const head = rows[row] as number[];
    let value = head[size] as number;
    for (let column = row + 1; column < size; column += 1)
      value -= (head[column] as number) * (solution[column] as number);
    solution[row] = value / (head[row] as number);
  }
  return solution;
}

function sumOfSquares(values: readonly number[]): number {
  return values.reduce((total, value) => total + value ** 2, 0);
}
