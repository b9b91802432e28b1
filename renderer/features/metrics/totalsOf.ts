import { METRICS, type Metric, type MetricsHistory } from '#shared/domain/Metrics.ts';
import { joinColumns } from '#shared/metrics/joinValues.ts';

/** Values of all workers of a service together. */
export interface ServiceColumns {
  service: string;
  values: Partial<Record<Metric, (number | null)[]>>;
}

/** A history by service: the workers of each together. */
export function totalsOf({ workers, cells }: MetricsHistory): ServiceColumns[] {
  return [...new Set(workers.map(({ service }) => service))].map((service) => {
    const own = workers.filter((worker) => worker.service === service);
    const values: ServiceColumns['values'] = {};
    for (const metric of METRICS)
      if (own.some(({ means }) => means[metric] !== undefined))
        values[metric] = joinColumns(
          metric,
          own.map(({ means }) => means[metric]),
          cells,
        );
    return { service, values };
  });
}
