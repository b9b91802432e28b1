import { MAX_REPLICAS } from '#shared/domain/limits.ts';
import type { StudyReport } from '#shared/study/analyseStudy.ts';
import { type CostTable, costTable } from '#shared/study/cost/costTable.ts';
import { alignRows } from '#shared/study/describeStudy.ts';
import { type Command, parseWhole, usage } from './parseArguments.ts';

const MOST_PRICE = 1e9;

/** What is asked of the cost of runs. */
export interface CostOptions {
  price: number;
  forecast: number[];
}

/** `--price` and `--forecast`; undefined when neither was given. @throws FlotillaError `invalid-input` */
export function costOptions({ price, forecast }: Command['options']): CostOptions | undefined {
  if (price === undefined && forecast === undefined) return undefined;
  const perHour = /^\d+(\.\d+)?$/.test(price ?? '0') ? Number(price ?? '0') : Number.NaN;
  if (!(perHour <= MOST_PRICE)) throw usage(`--price ${price ?? ''}: give a number, as in 0.04`);
  return {
    price: perHour,
    forecast: (forecast?.split(',') ?? []).map((text) =>
      parseWhole(text.trim(), 'forecast', 1, MAX_REPLICAS),
    ),
  };
}

/** The cost of a study's runs as a table for a terminal, and for a report. */
export function describeCost(
  report: StudyReport,
  options: CostOptions | undefined,
): { cost: CostTable | undefined; lines: string[] } {
  if (options === undefined) return { cost: undefined, lines: [] };
  const cost = costTable(report, options.price, options.forecast);
  return {
    cost,
    lines: ['', ...alignRows([cost.columns, ...cost.rows]), ...cost.notes.map((note) => `- ${note}`)],
  };
}
