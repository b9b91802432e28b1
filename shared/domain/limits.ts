/** Most replicas of a service: a guard against a slip of the hand, not an engine's limit. */
export const MAX_REPLICAS = 1000;
/** Longest time that `up` can be told to wait for its services: a day. */
export const MAX_WAIT_MS = 86_400_000;
/** Most jobs of a sweep at once. */
export const MAX_CONCURRENT_JOBS = 256;
/** Most times that a job of a sweep is tried again. */
export const MAX_JOB_RETRIES = 100;
/** Longest that a try may be given: a week, as for a run of a study. */
export const MAX_JOB_MS = 7 * 24 * 3_600_000;
