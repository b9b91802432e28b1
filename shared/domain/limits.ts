/** Most replicas of a service: a guard against a slip of the hand, not an engine's limit. */
export const MAX_REPLICAS = 1000;
/** Longest time that `up` can be told to wait for its services: a day. */
export const MAX_WAIT_MS = 86_400_000;
