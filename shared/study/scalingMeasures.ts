/**
 * How a program scales, in the field's own measures. `base` and `baseTime` are the least number of workers that was measured and its time: one where
 * one was run, else the base case has to be named beside every figure (Hoefler & Belli, SC'15, rule 1). Times are of any unit, the same for all.
 */
export interface BaseCase {
  workers: number;
  time: number;
}

/** Strong scaling, the same work for all: S(p) = p₀·T(p₀) / T(p). */
export function speedup(base: BaseCase, time: number): number {
  return (base.workers * base.time) / time;
}

/** Weak scaling, work in proportion to the workers: the scaled speedup p·T(p₀) / T(p) (Gustafson, CACM 31(5), 1988). */
export function scaledSpeedup(base: BaseCase, workers: number, time: number): number {
  return (workers * base.time) / time;
}

/** The part of the workers that the speedup is worth: S / p. For weak scaling this is T(p₀) / T(p). */
export function efficiency(speedupThen: number, workers: number): number {
  return speedupThen / workers;
}

/**
 * The serial fraction as the measurement has it (Karp & Flatt, CACM 33(5), 1990): (1/S − 1/p) / (1 − 1/p). Constant over p: a serial part;
 * rising: overhead grows; negative: faster than the workers can explain. Undefined for one worker.
 */
export function karpFlatt(speedupThen: number, workers: number): number | undefined {
  return workers > 1 ? (1 / speedupThen - 1 / workers) / (1 - 1 / workers) : undefined;
}
