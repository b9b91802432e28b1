import { describe, expect, it } from 'vitest';
import { analyseStudy } from '../analyseStudy.ts';
import { compareStudies } from '../compareStudies.ts';
import { about, testRecord, testRun } from '../testStudy.ts';
import { reportHtml } from './reportHtml.ts';
import { measuresCsv, runsCsv } from './studyCsv.ts';
import { studyJson } from './studyJson.ts';

const NASTY = '</title><script>alert(1)</script>"\'&';
const record = testRecord(
  { 1: about(8_000), 2: about(4_200), 4: about(2_600) },
  { title: NASTY, name: NASTY, from: NASTY },
);
record.runs.push({
  ...testRun(4, 8, 1),
  outcome: 'failed',
  timeMs: undefined,
  reason: `=HYPERLINK("x"), ${NASTY}\nmore`,
  hostLoad: 0.5,
});
Object.assign(record.plan.host, { kernel: '6.1.0', runtime: 'runc 1.1.5', governor: 'powersave' });
record.plan.images = [{ service: 'worker', reference: 'worker:1', id: 'sha256:abc' }];
const report = analyseStudy(record);

describe('a study as a page', () => {
  const comparison = compareStudies(report.points, report.points);
  const page = reportHtml(record, report, {
    requirements: [
      { requirement: { kind: 'time', mostMs: 1 }, workers: 1, status: 'fail', text: `time: ${NASTY}` },
    ],
    comparison: { with: NASTY, comparison },
    cost: { columns: ['Workers', NASTY], rows: [['1', NASTY]], notes: [NASTY] },
  });

  it('runs nothing, loads nothing, and escapes what comes from outside', () => {
    expect(page).not.toMatch(/<script|javascript:|<link|<img|<iframe|@import|url\(|\shref|\ssrc|\son\w+=/i);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(6);
    expect(page.match(/<title>/g)).toHaveLength(1);
  });

  it('has the verdict, requirements, comparison, plots, tables, notes, facts and every run', () => {
    expect(page).toContain('Best value at ');
    expect(page).toContain('✗ not met');
    expect(page).toContain('No difference can be told at 1, 2, 4 (workers).');
    expect(page.match(/<svg /g)).toHaveLength(4);
    expect(page.match(/<summary>Numbers<\/summary>/g)).toHaveLength(4);
    expect(page).toContain(`<summary>All ${record.runs.length} runs</summary>`);
    expect(page).toContain('random, seed 1');
    expect(page).toContain('the host was busy');
    expect(page).toContain('Amdahl: serial part');
    for (const fact of ['kernel 6.1.0', 'runc 1.1.5', 'governor powersave', 'worker:1 (sha256:abc)'])
      expect(page).toContain(fact);
  });

  it('leaves out what there is none of', () => {
    const bare = reportHtml(record, analyseStudy({ ...record, runs: [] }));
    expect(bare).not.toMatch(/<svg|Requirements|Against|Cost</);
    expect(bare).toContain('So far: Nothing is measured yet.');
  });
});

describe('a study as a table', () => {
  it('has every run as it was measured', () => {
    const lines = runsCsv(record).split('\r\n');
    expect(lines[0]).toBe(
      'workers,repetition,outcome,reason,time_ms,start_spread_ms,imbalance,peak_memory_bytes,host_load,started_at',
    );
    expect(lines[1]).toBe('1,0,ok,,99000,,,,,1970-01-01T00:00:00.000Z');
    expect(lines[2]).toBe('1,1,ok,,7880,,,,,1970-01-01T00:00:00.000Z');
    // No formula for a spreadsheet, and its quotes doubled.
    expect(runsCsv(record)).toContain(`4,8,failed,"'=HYPERLINK(""x""), </title>`);
    expect(runsCsv({ ...record, runs: [testRun(1, 1, Number.NaN, { startedAt: 1e300 })] })).toContain(
      '\r\n1,1,ok,,,,,,,\r\n',
    );
  });

  it('has what follows from them at each count', () => {
    const [head, one, two] = measuresCsv(report)
      .split('\r\n')
      .map((line) => line.split(','));
    const of = (row: string[] | undefined, name: string): string => row?.[head?.indexOf(name) ?? -1] ?? '';
    expect(of(one, 'speedup')).toBe('1');
    expect(of(one, 'speedup_low')).toBe('');
    expect(of(two, 'median_ms')).toBe('4200');
    expect(Number(of(two, 'speedup_low'))).toBeLessThan(8 / 4.2);
    expect(Number(of(two, 'speedup_high'))).toBeGreaterThan(8 / 4.2);
  });

  it('is JSON for programs, with the record whole', () => {
    const parsed = JSON.parse(studyJson(record, report)) as { format: string; record: { runs: unknown[] } };
    expect(parsed).toMatchObject({ format: 'flotilla-study', version: 1, report: { remaining: 0 } });
    expect(parsed.record.runs).toHaveLength(record.runs.length);
  });
});
