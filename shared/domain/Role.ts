/** A service's part in a compute app: the one that leads, those that are scaled, the rest (databases, brokers). */
export const ROLES = ['main', 'worker', 'service'] as const;
export type Role = (typeof ROLES)[number];
