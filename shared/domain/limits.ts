/** Most replicas of a service: a guard against a slip of the hand, not an engine's limit. */
export const MAX_REPLICAS = 1000;
