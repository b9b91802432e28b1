import { describe, expect, it } from 'vitest';
import { describeStudy } from './describeStudy.ts';
import { analyseStudy } from './analyseStudy.ts';
import { junitXml } from './junitXml.ts';
import { about, testRecord } from './testStudy.ts';

describe('a study on paper', () => {
  it('is a table, the fits, the verdict and the notes', () => {
    const times = Object.fromEntries(
      [1, 2, 4, 8, 16, 32].map((workers) => [workers, about(8_000 * (0.05 + 0.95 / workers))]),
    );
    const record = testRecord(times);
    record.runs.push({
      workers: 32,
      repetition: 8,
      startedAt: 0,
      outcome: 'failed',
      reason: 'worker-3 ended with code 1',
    });
    const lines = describeStudy(analyseStudy(record));
    expect(lines[0]).toBe('solver, strong scaling of worker on Docker 20.10.24, 16 CPUs; seed 1');
    expect(lines[2]).toMatch(
      /^workers +runs +time +95 % +speedup +95 % +efficiency +Karp–Flatt +core-s +imbalance$/,
    );
    expect(lines[3]).toMatch(/^ +1 +7 +8\.00 s +7\.9\d s–8\.\d\d s +1\.00 +– +100 % +– +8\.00 +–$/);
    expect(lines[8]).toMatch(
      /^ +32 +7 \(1 out\) +638 ms +\d+ ms–\d+ ms +12\.5 +12\.\d–1\d\.\d +39 % +0\.050 +20\.4 +–$/,
    );
    expect(lines).toContain(
      'Amdahl: serial part 5 %, never more than 20.0 times as fast (R² 1.000, off by 0 % at most); expects 15.4 times with 64',
    );
    expect(lines.at(-2)).toBe('- 32 workers: 1 of 9 runs do not count (worker-3 ended with code 1).');
    expect(new Set(lines.slice(2, 9).map(({ length }) => length)).size).toBe(1);
  });

  it('for CI is JUnit, whatever the names', () => {
    const requirement = { kind: 'time', at: 2, mostMs: 1 } as const;
    expect(
      junitXml('a<b> & "c"\u0000', [
        { requirement, workers: 2, status: 'pass', text: 'fast: yes' },
        { requirement, workers: 2, status: 'fail', text: 'slow: <no>' },
        { requirement, workers: 2, status: 'unknown', text: 'who knows: nobody' },
      ]),
    ).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="a&lt;b&gt; &amp; &quot;c&quot;\uFFFD" tests="3" failures="1" errors="1">
  <testcase name="fast" classname="a&lt;b&gt; &amp; &quot;c&quot;\uFFFD"/>
  <testcase name="slow" classname="a&lt;b&gt; &amp; &quot;c&quot;\uFFFD"><failure message="slow: &lt;no&gt;"/></testcase>
  <testcase name="who knows" classname="a&lt;b&gt; &amp; &quot;c&quot;\uFFFD"><error message="who knows: nobody"/></testcase>
</testsuite>
`);
  });
});
