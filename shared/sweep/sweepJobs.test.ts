import { describe, expect, it } from 'vitest';
import type { AppModel } from '../domain/ServiceModel.ts';
import type { SweepEntry, SweepJob } from '../domain/Sweep.ts';
import { describeSweep } from './describeSweep.ts';
import { LogPicker } from './LogPicker.ts';
import { assertColumns, readFileColumn, readLogColumn } from './readColumns.ts';
import { jobService, ownVolumes, sweepApp } from './sweepApp.ts';
import { countJobs, isUnfinished, jobsOf, nextJob, noteEntry } from './sweepJobs.ts';
import { sortJobs, sweepCsv, sweepJson, tableColumns } from './sweepTable.ts';
import { failedAttempt, testAttempt, testSweep } from './testSweep.ts';
import { valueAt } from './valueAt.ts';

const plan = testSweep();
const jobsAfter = (...entries: SweepEntry[]): SweepJob[] => jobsOf({ plan, entries });
const states = (jobs: SweepJob[]): string => jobs.map(({ state }) => state).join(' ');

describe('the jobs of a sweep', () => {
  it('go from waiting to ok or failed by what is written down, and what went well stays so', () => {
    expect(states(jobsAfter())).toBe('waiting waiting waiting waiting');
    const jobs = jobsAfter(
      { attempt: failedAttempt(0) },
      { attempt: testAttempt(1) },
      { attempt: failedAttempt(2) },
      { attempt: failedAttempt(2, 2) },
      { attempt: failedAttempt(1, 2) },
    );
    expect(states(jobs)).toBe('waiting ok failed waiting');
    expect(jobs.map(({ tries, left }) => [tries, left])).toEqual([
      [1, 1],
      [2, 0],
      [2, 0],
      [0, 2],
    ]);
    expect(countJobs(jobs)).toEqual({ waiting: 2, running: 0, ok: 1, failed: 1 });
    expect(isUnfinished(countJobs(jobs))).toBe(true);
  });

  it('that failed for good are tried anew with all their tries, others are left alone', () => {
    const jobs = jobsAfter(
      { attempt: failedAttempt(2) },
      { attempt: failedAttempt(2, 2) },
      { attempt: testAttempt(0) },
      { again: [0, 1, 2, 99] },
    );
    expect(states(jobs)).toBe('ok waiting waiting waiting');
    expect(jobs[2]).toMatchObject({ tries: 2, left: 2 });
    noteEntry(jobs, { attempt: testAttempt(2, { number: 3 }) }, plan);
    expect(jobs[2]).toMatchObject({ state: 'ok', tries: 3 });
  });

  it('go in their order, those that were tried already after all others', () => {
    const jobs = jobsAfter({ attempt: failedAttempt(0) });
    const order: number[] = [];
    for (let next = nextJob(jobs); next !== undefined; next = nextJob(jobs)) {
      order.push(next.index);
      jobs[next.index] = { ...next, state: 'running' };
    }
    expect(order).toEqual([1, 2, 3, 0]);
  });
});

describe('columns', () => {
  it('are picked from a log: the first group, or all that matches, of the last line that does', () => {
    const columns = [
      readLogColumn('loss=loss ([0-9.]+)'),
      readLogColumn('all = it=\\d+'),
      readLogColumn('none=x'),
    ];
    const picker = new LogPicker(columns);
    for (const line of ['loss 0.5', 'it=3', 'loss 0.25', 'Loss 9']) picker.push(line);
    expect([0, 1, 2].map((at) => picker.value(at))).toEqual(['0.25', 'it=3', undefined]);
    expect(() => readLogColumn('loss = ([')).toThrow(
      expect.objectContaining({
        message: 'loss: “([” is no regular expression: Unterminated character class.',
        hint: expect.not.stringContaining('search') as string,
      }) as Error,
    );
    expect(() => readLogColumn('loss=(', '--column')).toThrow('--column loss: “(” is no regular expression');
    expect(() => readLogColumn('loss')).toThrow('“loss” is no column of the log.');
  });

  it('are picked from a JSON document by a path', () => {
    const document = { a: { 'b-c': [{ d: 0.5 }, 'x'] }, n: null, t: true };
    expect(valueAt(document, 'a.b-c[0].d')).toBe('0.5');
    expect(valueAt(document, 'a.b-c.1')).toBe('x');
    expect(valueAt(document, 'a.b-c')).toBe('[{"d":0.5},"x"]');
    expect([valueAt(document, 'n'), valueAt(document, 't'), valueAt(3, '')]).toEqual(['null', 'true', '3']);
    for (const path of ['a.x', 'a.b-c[2]', 'n.x', 't.length', 'a.constructor', 'a.b-c.length.x'])
      expect(valueAt(document, path)).toBeUndefined();
    expect(readFileColumn('loss=/out/r.json:a.b')).toEqual({
      name: 'loss',
      from: 'file',
      file: '/out/r.json',
      path: 'a.b',
    });
    expect(readFileColumn('all=r.json')).toMatchObject({ file: 'r.json', path: '' });
    expect(() => readFileColumn('loss=')).toThrow('is no column of a results file');
  });

  it('have names of their own, also beside parameters', () => {
    expect(() => assertColumns([readLogColumn('seed=x')], ['seed'])).toThrow('two columns called seed');
  });
});

describe('the table', () => {
  const jobs = jobsAfter(
    { attempt: testAttempt(0, { values: ['10'] }) },
    { attempt: testAttempt(1, { values: ['9'], timeMs: 900 }) },
    { attempt: testAttempt(2, { values: ['=1+1'] }) },
    { attempt: failedAttempt(3) },
    { attempt: failedAttempt(3, 2) },
  );

  it('is sorted by numbers, then words, then nothing, either way', () => {
    const by = (key: string, descending = false): number[] => {
      const column = tableColumns(plan).find((each) => each.key === key);
      return column === undefined ? [] : sortJobs(jobs, column, descending).map(({ index }) => index);
    };
    expect(by('value loss')).toEqual([1, 0, 2, 3]);
    expect(by('value loss', true)).toEqual([2, 0, 1, 3]);
    expect(by('parameter seed', true)).toEqual([1, 3, 0, 2]);
    expect(by('time')).toEqual(
      [1, 0, 2, 3].sort((a, b) => (jobs[a]?.last?.timeMs ?? 0) - (jobs[b]?.last?.timeMs ?? 0)),
    );
  });

  it('is exported as CSV, JSON and in lines', () => {
    expect(sweepCsv({ plan, jobs }).split('\r\n')).toEqual([
      'job,threads,seed,state,tries,time_ms,exit_code,loss,reason',
      '1,1,7,ok,1,1500,0,10,',
      '2,1,8,ok,1,900,0,9,',
      "3,2,7,ok,1,1500,0,'=1+1,",
      '4,2,8,failed,2,1500,3,,it ended with code 3',
      '',
    ]);
    expect(sweepJson({ plan, jobs }).jobs[3]).toMatchObject({
      job: 4,
      parameters: { threads: '2', seed: '8' },
      state: 'failed',
      tries: 2,
      reason: 'it ended with code 3',
      values: { loss: null },
    });
    const lines = describeSweep({ plan, jobs });
    expect(lines[0]).toBe('job  threads  seed  state   tries    time  exit  loss');
    expect(lines[2]).toBe('  2        1     8  ok          1  900 ms     0     9');
    expect(lines).toContain('job 4: it ended with code 3');
    expect(lines.at(-1)).toBe(
      '3 ok, 1 failed. flotilla sweep DIR --resume a1b2c3 --retry-failed tries those that failed again.',
    );
  });
});

describe('the app of a sweep', () => {
  const service = (name: string, dependsOn: string[], volumes: string[]) => ({
    name,
    role: 'service',
    environment: { seed: '0', A: 'x' },
    replicas: 3,
    ports: [{}],
    dependsOn: dependsOn.map((each) => ({ service: each, condition: 'service_started', required: true })),
    mounts: volumes.map((source) => ({ kind: 'volume', source, target: `/${source}`, readOnly: false })),
  });
  const app = {
    name: 'app',
    networks: [],
    volumes: ['out', 'db', 'shared'].map((key) => ({ key, name: `app_${key}`, external: false })),
    services: [
      service('worker', ['db'], ['out', 'shared']),
      service('db', ['disk'], ['db', 'shared']),
      service('disk', ['worker'], []),
      service('web', ['worker'], []),
    ],
  } as unknown as AppModel;
  const swept = sweepApp(app, 'p', 'worker');

  it('is the service and what it depends on; its own volumes stay the app’s', () => {
    expect(swept.services.map(({ name, ports, replicas }) => [name, ports.length, replicas])).toEqual([
      ['worker', 0, 1],
      ['db', 0, 3],
      ['disk', 0, 3],
    ]);
    expect(swept.volumes.map(({ name }) => name)).toEqual(['app_out', 'p_db', 'p_shared']);
    expect(ownVolumes(app, swept, 'worker').map(({ name }) => name)).toEqual(['app_out']);
  });

  it('gives a job its parameters, and their values to the command', () => {
    const [worker] = swept.services;
    if (worker === undefined) throw new Error('There is no worker.');
    expect(jobService(worker, plan, 2)).toMatchObject({
      environment: { threads: '2', seed: '7', A: 'x', JOB_INDEX: '3', JOB_COUNT: '4' },
      command: undefined,
    });
    const command = ['run', '--seed={seed}', '{threads}{threads}', '{other} {"a":1}'];
    expect(jobService(worker, { ...plan, command }, 2).command).toEqual([
      'run',
      '--seed=7',
      '22',
      '{other} {"a":1}',
    ]);
  });
});
