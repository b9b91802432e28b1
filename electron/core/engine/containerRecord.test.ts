import { expect, test } from 'vitest';
import { recordOfEvent, recordOfInspection, recordOfSummary } from './containerRecord.ts';

const inherited = { 'com.docker.compose.project': 'pi', 'com.docker.compose.service': 'worker' };
const own = { ...inherited, 'com.docker.compose.container-number': '2' };

test('labels that a container has from its image alone make it no worker of the app', () => {
  expect(recordOfSummary({ Id: 'c', Labels: inherited })).toBeUndefined();
  expect(recordOfInspection({ Id: 'c', Config: { Labels: inherited } })).toBeUndefined();
  expect(recordOfEvent('c', { name: 'build', ...inherited }, 0)).toBeUndefined();
});

test('its own number does', () => {
  const worker = { project: 'pi', service: 'worker', index: 2 };
  expect(recordOfSummary({ Id: 'c', Labels: own })).toMatchObject(worker);
  expect(recordOfInspection({ Id: 'c', Config: { Labels: own } })).toMatchObject(worker);
  expect(recordOfEvent('c', { name: 'pi-worker-2', ...own }, 0)).toMatchObject(worker);
});
