import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppSpool } from '#core/logs/spool/AppSpool.ts';
import type { LogRows, LogViewState } from '#shared/domain/LogView.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import type { LabEngine } from '../lab/LabEngine.ts';
import type { BenchRow } from './bench.ts';
import { benchProject } from './benchProject.ts';
import { logBenchCore } from './logBenchCore.ts';
import { median, round, summary } from './statistics.ts';

const WORKERS = 8;
const LINES = 10_000_000;
const TRIALS = 3;
const START_MICROS = 1_795_507_200_000_000;
/** A line every 100 µs: the whole takes a thousand seconds. */
const STEP_MICROS = 100;

/** Reading a spool of ten million lines of eight workers through the log engine's own threads; `grep` reads the same text. */
export async function benchLogSpool(engine: LabEngine): Promise<BenchRow[]> {
  const { folder, project } = benchProject(
    'benchspool',
    'services:\n  worker:\n    image: busybox:latest\n    scale: 0\n',
  );
  const textFile = join(folder, 'log.txt');
  try {
    const { core } = await logBenchCore(engine, join(folder, 'data'), { FLOTILLA_LOG_LIMIT: '8g' });
    const app = await core.apps.open(project);
    const spoolFolder = join(folder, 'data', 'logs', app.id);
    const written = write(spoolFolder, textFile);
    const open: number[] = [];
    const jump: number[] = [];
    const scan = async (query: LogQuery): Promise<{ first: number; all: number; total: number }> => {
      const began = performance.now();
      let first = Number.NaN;
      for await (const state of states(core, app.id, query)) {
        if (Number.isNaN(first) && state.total > 0) first = performance.now() - began;
        if (state.scanned === 1) return { first, all: performance.now() - began, total: state.total };
      }
      throw new Error('The view ended before all was looked through.');
    };
    const searches = {
      literal: [] as number[],
      regex: [] as number[],
      firstHit: [] as number[],
      rare: [] as number[],
    };
    const greps = { literal: [] as number[], regex: [] as number[] };
    for (let trial = -1; trial < TRIALS; trial += 1) {
      const abort = new AbortController();
      const began = performance.now();
      let viewId = '';
      for await (const [item] of core.logs.openView({ appId: app.id, query: {} }, abort.signal)) {
        if (item?.kind !== 'opened') continue;
        viewId = item.viewId;
        const end = await core.logs.rows({ viewId, anchor: { kind: 'end' }, before: 100, count: 1 });
        if (end.total !== LINES || end.rows.length !== 101) throw new Error(`${end.total} rows at the end.`);
        const opened = performance.now() - began;
        const jumps: number[] = [];
        for (let at = 0; at < 10; at += 1) {
          const line = Math.floor(((at * 7 + 3) % 10) * (LINES / 10) + 12_345);
          const jumpBegan = performance.now();
          const rows: LogRows = await core.logs.rows({
            viewId,
            anchor: { kind: 'time', timeMs: (START_MICROS + line * STEP_MICROS) / 1000 },
            before: 50,
            count: 50,
          });
          jumps.push(performance.now() - jumpBegan);
          if (rows.anchorRow !== line) throw new Error(`Row ${rows.anchorRow} instead of ${line}.`);
        }
        if (trial >= 0) {
          open.push(opened);
          jump.push(Math.max(...jumps));
        }
        break;
      }
      abort.abort();
      const literal = await scan({ include: [{ text: 'loss diverged' }] });
      const rare = await scan({ include: [{ text: 'checkpoint 9999999 written', matchCase: true }] });
      const regex = await scan({ include: [{ text: 'step=\\d*77 .*loss=0\\.0[1-3]', regex: true }] });
      const grepLiteral = timed(() => grep(['-c', '-F', '-i', 'loss diverged', textFile]));
      const grepRegex = timed(() => grep(['-c', '-P', 'step=\\d*77 .*loss=0\\.0[1-3]', textFile]));
      if (literal.total !== grepLiteral.value || regex.total !== grepRegex.value)
        throw new Error(
          `Counts differ from grep: ${literal.total}/${grepLiteral.value}, ${regex.total}/${grepRegex.value}.`,
        );
      if (trial < 0) continue;
      searches.literal.push(literal.all);
      searches.firstHit.push(literal.first);
      searches.rare.push(rare.all);
      searches.regex.push(regex.all);
      greps.literal.push(grepLiteral.took);
      greps.regex.push(grepRegex.took);
    }
    await core.dispose();
    const row = (
      name: string,
      sample: number[],
      limit: number,
      detail: Record<string, unknown>,
    ): BenchRow => ({
      name: `${name}, ${LINES.toLocaleString('en')} lines of ${WORKERS} workers in the spool`,
      unit: 'ms',
      value: round(median(sample)),
      goal: `≤ ${limit}`,
      met: median(sample) <= limit,
      detail: { ms: summary(sample), ...detail },
    });
    return [
      row('open at the end', open, 200, written),
      row('jump to a time (slowest of ten)', jump, 100, {}),
      row('literal search of all, any case', searches.literal, 4_000, {
        peerGrepMs: summary(greps.literal),
        ratioToGrep: round(median(searches.literal) / median(greps.literal)),
        rareMatchCaseMs: summary(searches.rare),
      }),
      row('first hits of a search', searches.firstHit, 200, {}),
      row('regular expression over all', searches.regex, 10_000, {
        peerGrepPerlMs: summary(greps.regex),
        ratioToGrep: round(median(searches.regex) / median(greps.regex)),
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* states(
  core: Awaited<ReturnType<typeof logBenchCore>>['core'],
  appId: string,
  query: LogQuery,
): AsyncGenerator<LogViewState> {
  const abort = new AbortController();
  try {
    for await (const items of core.logs.openView({ appId, query }, abort.signal))
      for (const item of items) if (item.kind === 'state') yield item.state;
  } finally {
    abort.abort();
  }
}

/** The spool as the writing thread makes it, and the same text for grep. */
function write(folder: string, textFile: string): Record<string, unknown> {
  const quiet = { onDirty: () => undefined, onEvicted: () => undefined, onWarnings: () => undefined };
  const spool = new AppSpool(folder, 8 * 1024 ** 3, quiet);
  const text = openSync(textFile, 'w');
  const began = performance.now();
  let piece: string[] = [];
  let bytes = 0;
  for (let line = 0; line < LINES; line += 1) {
    const worker = line % WORKERS;
    const isNews = line % 50_000 === 49_999;
    const content =
      line === 9_999_999
        ? 'checkpoint 9999999 written'
        : `step=${line} rank=${worker} loss=0.${String((line * 7919) % 100_000).padStart(5, '0')} elapsed=${(line / 997).toFixed(3)} s gradient norm within bounds ${isNews ? 'loss diverged' : 'all well here'} end`;
    const buffer = Buffer.from(content);
    bytes += buffer.length + 1;
    spool
      .container(`container-${worker}`, `worker-${worker + 1}`, 'worker')
      .spool.append(1, 3, START_MICROS + line * STEP_MICROS, 0, buffer, 0, buffer.length);
    piece.push(content);
    if (piece.length === 20_000) {
      writeSync(text, `${piece.join('\n')}\n`);
      piece = [];
    }
  }
  if (piece.length > 0) writeSync(text, `${piece.join('\n')}\n`);
  closeSync(text);
  spool.close();
  const files = readdirSync(folder, { recursive: true }).length;
  return {
    spoolBytes: spool.diskBytes,
    textBytes: bytes,
    bytesPerLine: round(bytes / LINES),
    files,
    writtenInMs: round(performance.now() - began),
  };
}

function grep(args: string[]): number {
  return Number(
    execFileSync('grep', args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } }).trim(),
  );
}

function timed<Value>(action: () => Value): { value: Value; took: number } {
  const began = performance.now();
  const value = action();
  return { value, took: performance.now() - began };
}
