import { expect, test } from 'vitest';
import { layoutServices } from './layoutServices.ts';

const service = (name: string, ...on: string[]) => ({
  name,
  dependsOn: on.map((each) => ({ service: each, condition: 'service_started' })),
});
const shape = (...services: ReturnType<typeof service>[]): string[] =>
  layoutServices(services).places.map(({ name, column, row }) => `${name} ${column},${row}`);

test('each stands below all that it waits for', () => {
  expect(
    shape(service('worker', 'main', 'db'), service('main', 'db'), service('db'), service('cache')),
  ).toEqual(['db 0,0', 'cache 1,0', 'main 0,1', 'worker 0,2']);
});

test('those that wait for the same stand near to it', () => {
  expect(shape(service('a'), service('b'), service('of-b', 'b'), service('of-a', 'a'))).toEqual([
    'a 0,0',
    'b 1,0',
    'of-a 0,1',
    'of-b 1,1',
  ]);
});

test('circles, services that are not there and the service itself break nothing', () => {
  expect(shape(service('a', 'b'), service('b', 'a'), service('c', 'c', 'gone'))).toEqual([
    'c 0,0',
    'a 0,1',
    'b 1,1',
  ]);
  expect(layoutServices([]).rows).toBe(0);
});

test('a chain of thousands is laid out without running out of stack', () => {
  const chain = Array.from({ length: 5000 }, (_, at) =>
    service(`s${at}`, ...(at === 0 ? [] : [`s${at - 1}`])),
  );
  expect(layoutServices(chain).rows).toBe(5000);
});
