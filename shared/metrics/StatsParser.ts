import { readStats, type StatsReading } from './readStats.ts';
import { scanStats } from './scanStats.ts';

/** After the first few, one in so many is read both ways. */
const COMPARED_EVERY = 64;
const COMPARED_FIRST = 2;

/**
 * Readings from the texts of one stream of stats. Scans them where that is known to give the same as parsing: it is compared at the first
 * ones and from time to time; where the two once differ, all are parsed from then on.
 */
export class StatsParser {
  readonly #machineBytes: number;
  #count = 0;
  #mayScan = true;

  constructor(machineBytes: number) {
    this.#machineBytes = machineBytes;
  }

  /** @returns undefined for what is no JSON, and for a container that does not run */
  parse(text: string): StatsReading | undefined {
    const isCompared = this.#count < COMPARED_FIRST || this.#count % COMPARED_EVERY === 0;
    this.#count += 1;
    const scanned = this.#mayScan ? scanStats(text, this.#machineBytes) : undefined;
    if (scanned !== undefined && !isCompared) return scanned;
    let parsed: StatsReading | undefined;
    try {
      parsed = readStats(JSON.parse(text), this.#machineBytes);
    } catch {
      return undefined;
    }
    if (parsed !== undefined && (scanned === undefined || !isSame(scanned, parsed))) this.#mayScan = false;
    return parsed;
  }
}

function isSame(one: StatsReading, other: StatsReading): boolean {
  return (Object.keys(other) as (keyof StatsReading)[]).every((key) => Object.is(one[key], other[key]));
}
