const SHORTEST_MS = 2_000;
const LONGEST_MS = 60_000;
/** A look is taken again when a container is older by this share: so much of its time at most is not seen when it ends. */
const SHARE = 1 / 8;
/** Of all containers of an app together, two looks a second. */
const EACH_MS = 500;

/**
 * Between two looks at a container of which a run is written down while nobody watches. Its counters go on between them; only what comes after the last is
 * lost with the container.
 */
export function lookPause(ageMs: number, containers: number): number {
  return Math.max(SHORTEST_MS, Math.min(LONGEST_MS, ageMs * SHARE), containers * EACH_MS);
}

/** When the first look at one of several that start together is taken. */
export function firstLook(earlier: number): number {
  return 1_000 + earlier * EACH_MS;
}
