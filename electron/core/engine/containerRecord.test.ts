import { expect, test } from 'vitest';
import { recordOfEvent, recordOfInspection, recordOfSummary } from './containerRecord.ts';

const inherited = { 'com.docker.compose.project': 'pi', 'com.docker.compose.service': 'worker' };
const own = { ...inherited, 'com.docker.compose.container-number': '2' };

test('labels that a container has from its image alone make it no worker of the app', () => {
  expect(recordOfSummary({ Id: 'c', Labels: inherited })).toBeUndefined();
  expect(recordOfInspection({ Id: 'c', Config: { Labels: inherited } }, true)).toBeUndefined();
  expect(recordOfEvent('c', { name: 'build', ...inherited }, 0)).toBeUndefined();
});

test('its own number does', () => {
  const worker = { project: 'pi', service: 'worker', index: 2 };
  expect(recordOfSummary({ Id: 'c', Labels: own })).toMatchObject(worker);
  expect(recordOfInspection({ Id: 'c', Config: { Labels: own } }, true)).toMatchObject(worker);
  expect(recordOfEvent('c', { name: 'pi-worker-2', ...own }, 0)).toMatchObject(worker);
});

test('limits are those of the last inspection, where the engine can change them', () => {
  const HostConfig = { Memory: 64, NanoCpus: 1.5e9, PidsLimit: -1 };
  const inspection = { Id: 'c', Config: { Labels: own }, State: { Status: 'running' }, HostConfig };
  const known = recordOfInspection(inspection, true);
  expect(known?.limits).toEqual({ memoryBytes: 64, cpus: 1.5, pidsLimit: 0 });
  expect(recordOfInspection(inspection, false)?.limits).toBeUndefined();
  for (const State of ['running', 'exited'])
    expect(recordOfSummary({ Id: 'c', Labels: own, State }, known)?.limits).toEqual(known?.limits);
});
