import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { METRICS } from '#shared/domain/Metrics.ts';
import { MetricsArchive } from './MetricsArchive.ts';
import { readHistory } from './readHistory.ts';
import type { WorkerRecord } from './recordFile.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-metrics-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function record(atMs: number, cores: number, worker = 'wörker-1', spanMs = 10_000): WorkerRecord {
  const row = (value: number): Float32Array => {
    const values = new Float32Array(METRICS.length).fill(Number.NaN);
    values[0] = value;
    values[METRICS.length - 1] = 2 * value;
    return values;
  };
  return { worker, atMs, spanMs, min: row(cores / 2), mean: row(cores), max: row(cores * 2) };
}

async function all(archive: MetricsArchive, tier: '10s' | '60s' = '10s'): Promise<WorkerRecord[]> {
  const records: WorkerRecord[] = [];
  await archive.read(tier, (one) => records.push(one));
  return records;
}

describe('the long history', () => {
  it('is there again, as it was, for who comes later', async () => {
    const archive = new MetricsArchive(folder);
    archive.add('10s', record(10_000, 1));
    archive.add('10s', record(20_000, 0.5, 'x-2'));
    archive.add('60s', record(60_000, 3));
    await archive.dispose();
    const later = new MetricsArchive(folder);
    expect(await all(later)).toEqual([record(10_000, 1), record(20_000, 0.5, 'x-2')]);
    expect(await all(later, '60s')).toEqual([record(60_000, 3)]);
    await later.dispose();
    expect(readdirSync(folder).sort()).toEqual(['10s.bin', '60s.bin']);
  });

  it('cut off at any byte keeps every record before, and takes on after it', async () => {
    const archive = new MetricsArchive(folder);
    for (const at of [1, 2, 3]) archive.add('10s', record(at * 10_000, at));
    await archive.dispose();
    const whole = readFileSync(join(folder, '10s.bin'));
    const one = (whole.length - 8) / 3;
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(join(folder, '10s.bin'), whole.subarray(0, length));
      const cut = new MetricsArchive(folder);
      const left = Math.max(0, Math.floor((length - 8) / one));
      expect(await all(cut)).toHaveLength(left);
      cut.add('10s', record(90_000, 9));
      await cut.dispose();
      const again = new MetricsArchive(folder);
      expect((await all(again)).map(({ atMs }) => atMs)).toEqual([
        ...[10_000, 20_000, 30_000].slice(0, left),
        90_000,
      ]);
      await again.dispose();
    }
  });

  it('passes over a file that is none of its own', async () => {
    writeFileSync(join(folder, '10s.bin'), 'something else entirely');
    const archive = new MetricsArchive(folder);
    expect(await all(archive)).toEqual([]);
    archive.add('10s', record(10_000, 1));
    expect(await all(archive)).toHaveLength(1);
    appendFileSync(join(folder, '10s.bin'), Buffer.alloc(100));
    expect(await all(archive)).toHaveLength(1);
    await archive.dispose();
  });

  it('never grows beyond twice its limit, and lets the oldest go', async () => {
    const archive = new MetricsArchive(folder, 2_000);
    for (let at = 1; at <= 200; at += 1) {
      archive.add('10s', record(at * 10_000, at));
      await archive.flush();
    }
    const kept = (await all(archive)).map(({ atMs }) => atMs / 10_000);
    expect(kept.at(-1)).toBe(200);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 201 - kept.length + index));
    expect(kept.length).toBeGreaterThan(20);
    const bytes = readdirSync(folder)
      .filter((name) => name.endsWith('.bin'))
      .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(4_000);
    await archive.dispose();
  });

  it('is read of steps of ten seconds where there are, of a minute before them', async () => {
    const archive = new MetricsArchive(folder);
    archive.add('60s', record(60_000, 1, 'w-1', 60_000));
    archive.add('60s', record(120_000, 2, 'w-1', 60_000));
    for (let at = 70_000; at <= 120_000; at += 10_000) archive.add('10s', record(at, 4, 'w-1'));
    const history = await readHistory(archive, new Map(), { fromMs: 0, toMs: 120_000, points: 12 });
    expect(history).toMatchObject({ fromMs: 0, stepMs: 10_000, cells: 12 });
    expect(history.workers.map(({ worker, service }) => [worker, service])).toEqual([['w-1', 'w']]);
    expect(history.workers[0]?.means.cores).toEqual([1, 1, 1, 1, 1, 1, 4, 4, 4, 4, 4, 4]);
    expect(history.workers[0]?.peaks.cores?.at(-1)).toBe(8);
    await expect(readHistory(archive, new Map(), { fromMs: 5, toMs: 5, points: 1 })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await archive.dispose();
  });

  it('of nothing is empty', async () => {
    const archive = new MetricsArchive(join(folder, 'none'));
    expect((await readHistory(archive, new Map(), { points: 60 })).workers).toEqual([]);
    await archive.dispose();
    expect(readdirSync(folder)).toEqual([]);
  });
});
