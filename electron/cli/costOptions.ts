import { MAX_REPLICAS } from '#shared/domain/limits.ts';
import type { StudyReport } from '#shared/study/analyseStudy.ts';
import { type CostTable, costTable, type Prices } from '#shared/study/cost/costTable.ts';
import { alignRows } from '#shared/study/describeStudy.ts';
import { type Command, parseWhole, usage } from './parseArguments.ts';

const MOST_PRICE = 1e9;

/** What is asked of the cost of runs. */
export interface CostOptions {
  prices: Prices;
  forecast: number[];
}

/** `--price`, `--gpu-price` and `--forecast`; undefined when neither was given. @throws FlotillaError `invalid-input` */
export function costOptions(options: Command['options']): CostOptions | undefined {
  const { price, 'gpu-price': gpuPrice, forecast } = options;
  if (price === undefined && gpuPrice === undefined && forecast === undefined) return undefined;
  return {
    prices: { core: parsePrice(price, 'price'), gpu: parsePrice(gpuPrice, 'gpu-price') },
    forecast: (forecast?.split(',') ?? []).map((text) =>
      parseWhole(text.trim(), 'forecast', 1, MAX_REPLICAS),
    ),
  };
}

function parsePrice(text = '0', option: string): number {
  const perHour = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (perHour <= MOST_PRICE) return perHour;
  throw usage(`--${option} ${text}: give a number, as in 0.04`);
}

/** The cost of a study's runs as a table for a terminal, and for a report. */
export function describeCost(
  report: StudyReport,
  options: CostOptions | undefined,
): { cost: CostTable | undefined; lines: string[] } {
  if (options === undefined) return { cost: undefined, lines: [] };
  const cost = costTable(report, options.prices, options.forecast);
  return {
    cost,
    lines: ['', ...alignRows([cost.columns, ...cost.rows]), ...cost.notes.map((note) => `- ${note}`)],
  };
}
