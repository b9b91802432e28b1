import { shapes } from './shapes.ts';

/** `healthcheck` of a service. */
export const healthcheckShape = shapes.object({
  test: shapes.test,
  timeout: { shape: shapes.duration, keepsZero: true },
  interval: { shape: shapes.duration, keepsZero: true },
  retries: { shape: shapes.wholeOrNumber, keepsZero: true },
  start_period: { shape: shapes.duration, keepsZero: true },
  start_interval: { shape: shapes.duration, keepsZero: true },
  disable: shapes.flag,
});
