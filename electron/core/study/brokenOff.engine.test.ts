import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { planRuns, remainingRuns } from '#shared/study/planRuns.ts';
import { testPlan } from '#shared/study/testStudy.ts';
import { loadBusybox } from '../../../e2e/lab/baseImages.ts';
import { startLabEngine } from '../../../e2e/lab/LabEngine.ts';
import { docker, leftOf } from '../testCore.ts';
import type { StudyNews } from './StudyApi.ts';
import { StudyFile } from './StudyFile.ts';
import { it, outcomes, SHORT, startTestStudies, worker } from './testStudies.ts';

describe.concurrent('a study that is broken off', () => {
  const SCRIPT = 'exec sleep 0.3';

  it('leaves nothing on the engine, and goes on after a restart where it stopped', async ({
    studies: { openApp, signal, test },
  }) => {
    const id = await openApp('study-resumed', worker(SCRIPT));
    const cancel = new AbortController();
    let project = '';
    const run = test.core.studies.run(
      id,
      { ...SHORT, workers: [1, 2], repetitions: 2 },
      {
        signal: cancel.signal,
        onNews: (news) => {
          if (news.kind === 'begins') project = news.record.plan.project;
          if (news.kind === 'running' && news.done === 3) cancel.abort();
        },
      },
    );
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(leftOf(project)).toEqual([]);
    await test.restart();
    const [found] = await test.core.studies.list(id);
    expect(found?.runs).toHaveLength(3);
    expect((await test.core.runs.list({ appId: id })).runs).toMatchObject([
      { kind: 'study', outcome: 'stopped', reason: 'The study was cancelled', made: { done: 3, total: 6 } },
    ]);
    const record = await test.core.studies.resume(id, { signal, onNews: () => undefined });
    expect(record.runs.map(({ workers, repetition }) => ({ workers, repetition }))).toEqual(
      planRuns(record.plan),
    );
    expect(await test.core.studies.list(id)).toEqual([record]);
    const { runs: entries } = await test.core.runs.list({ appId: id, filter: 'kind:study' });
    expect(entries).toMatchObject([{ id: record.plan.id, outcome: 'ok', made: { done: 6, total: 6 } }]);
    await expect(test.core.studies.resume(id, { signal, onNews: () => undefined })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(leftOf(project)).toEqual([]);
  });

  it('does not go on with an app that has changed', async ({ studies: { openApp, signal, test } }) => {
    const id = await openApp('study-changed', worker(SCRIPT));
    const cancel = new AbortController();
    const onNews = ({ kind }: StudyNews): void => {
      if (kind === 'ran') cancel.abort();
    };
    await expect(
      test.core.studies.run(id, { ...SHORT, workers: [1] }, { signal: cancel.signal, onNews }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    test.project('study-changed', { 'compose.yaml': worker('exec sleep 0.2') });
    await expect(test.core.studies.resume(id, { signal, onNews: () => undefined })).rejects.toMatchObject({
      code: 'conflict',
      message: 'The app has changed since its study was begun.',
    });
  });

  it('with its process has its remains removed by the next one', async ({
    studies: { openApp, study, test },
  }) => {
    const id = await openApp('study-remains', worker(SCRIPT));
    const plan = testPlan({ id: 'dead', appId: id, project: 'study-remains-study-dead' });
    const folder = join(test.folder, 'data', 'studies', id);
    mkdirSync(folder, { recursive: true });
    await StudyFile.create(join(folder, '000000000000000-dead.jsonl'), plan);
    const label = `com.docker.compose.project=${plan.project}`;
    docker('network', 'create', '--label', label, 'study-remains-study-dead_default');
    docker(
      'run',
      '-d',
      '--label',
      label,
      '--label',
      'io.flotilla.study=dead',
      'busybox:latest',
      'sleep',
      '1000',
    );
    await study(id, { workers: [1] });
    expect(leftOf(plan.project)).toEqual([]);
  });

  it('and left a network that the engine does not let go of keeps no other from beginning', async ({
    studies: { openApp, study, test },
  }) => {
    const id = await openApp('study-stuck', worker(SCRIPT));
    const plan = testPlan({ id: 'stuck', appId: id, project: 'study-stuck-study-stuck' });
    await StudyFile.create(join(test.folder, 'data', 'studies', id, '000000000000000-stuck.jsonl'), plan);
    const network = 'study-stuck-study-stuck_default';
    docker('network', 'create', '--label', `com.docker.compose.project=${plan.project}`, network);
    // A container of somebody else is on it.
    const holder = docker('run', '-d', '--network', network, 'busybox:latest', 'sleep', '1000');
    try {
      expect(outcomes(await study(id, { workers: [1] }))).toEqual(['1 ok', '1 ok']);
      expect(leftOf(plan.project)).toHaveLength(1);
    } finally {
      docker('rm', '-f', holder);
      docker('network', 'rm', network);
    }
  });
});

describe.concurrent('several studies, and bad ones', () => {
  it('are made one after another', async ({ studies: { openApp, study, test } }) => {
    const id = await openApp('study-queue', worker('exec sleep 0.4'));
    const told: string[] = [];
    const tell = (name: string) => (news: StudyNews) => told.push(`${name} ${news.kind}`);
    await Promise.all([study(id, { workers: [1] }, tell('a')), study(id, { workers: [1] }, tell('b'))]);
    expect(told[0]).toBe('b queued');
    expect(told.indexOf('b begins')).toBeGreaterThan(told.lastIndexOf('a ran'));
    expect(await test.core.studies.list(id)).toHaveLength(2);
  });

  it('wait for one of another Flotilla on the same data', async ({
    studies: { openApp, study, test },
    expect,
  }) => {
    const id = await openApp('study-locked', worker('exec sleep 0.4'));
    const lock = join(test.folder, 'data', 'studies', 'lock');
    mkdirSync(join(test.folder, 'data', 'studies'), { recursive: true });
    // Process 1 lives as long as the machine.
    writeFileSync(lock, JSON.stringify({ pid: 1 }));
    const told: string[] = [];
    const waiting = study(id, { workers: [1] }, ({ kind }) => told.push(kind));
    await expect.poll(() => told).toEqual(['queued']);
    writeFileSync(lock, '{}');
    expect(outcomes(await waiting)).toEqual(['1 ok', '1 ok']);
  });

  it('are refused with what to do', async ({ studies: { openApp, study, test } }) => {
    const id = await openApp('study-bad', worker('true'));
    await expect(study(id, { workers: [] })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(study(id, { workers: [0] })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(study(id, { workers: [1], repetitions: 0 })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await expect(study(id, { workers: [1], service: 'x' })).rejects.toMatchObject({
      code: 'not-found',
      hint: 'There are: worker.',
    });
    const two = worker('true') + worker('true').replace('services:\n  worker:', '  other:');
    await expect(study(await openApp('study-two', two), { workers: [1] })).rejects.toMatchObject({
      message: 'The app has several worker services: worker, other.',
    });
    const reaching = worker('true').replace('    command', '    privileged: true\n    command');
    await expect(study(await openApp('study-reach', reaching), { workers: [1] })).rejects.toMatchObject({
      code: 'consent-required',
    });
    expect(await test.core.studies.list(id)).toEqual([]);
  });
});

describe.concurrent('an engine that is lost in the middle of a study', () => {
  it('costs the run that was under way, which is made again', async () => {
    const engine = await startLabEngine({ images: false });
    loadBusybox(engine.host);
    const { test, openApp, study, dispose } = await startTestStudies(engine.host);
    try {
      const id = await openApp('study-lost', worker('exec sleep 1'));
      const told: string[] = [];
      let restarted: Promise<void> | undefined;
      const record = await study(id, { workers: [1, 2] }, (news) => {
        told.push(news.kind);
        if (news.kind === 'running' && news.done === 1)
          restarted ??= engine.kill('SIGKILL').then(() => engine.start());
      });
      await restarted;
      expect(told).toContain('engine-lost');
      expect(outcomes(record).map((text) => text.slice(2))).toEqual(['ok', 'ok', 'ok', 'ok']);
      expect(remainingRuns(record.plan, record.runs)).toEqual([]);
      const { containers } = await test.core.engine.relist();
      expect(containers.size).toBe(0);
    } finally {
      await dispose();
      await engine.dispose();
    }
  });
});
