import { afterEach, expect, test } from 'vitest';
import { TestSpool } from '../testSpool.ts';
import { UNTOLD } from '../threads/threadMessages.ts';
import { LogCursor } from './LogCursor.ts';

const START = 1_795_507_200_000_000;
let spool: TestSpool | undefined;
afterEach(() => spool?.dispose());

/** worker-1 has two containers, the older of them removed; worker-2 is gone. */
function spoolOfThree(): TestSpool {
  spool = new TestSpool();
  const write = (id: string, worker: string, from: number, texts: string[]) => {
    const entry = spool?.spool.container(id, worker, 'worker');
    for (const [at, text] of texts.entries()) {
      const bytes = Buffer.from(text);
      entry?.spool.append(1, 0, START + from + at, 0, bytes, 0, bytes.length);
    }
  };
  write('old', 'worker-1', 0, ['a1', 'a2', 'a3']);
  write('gone', 'worker-2', 10, ['b1', 'b2']);
  write('new', 'worker-1', 20, ['a4', 'a5']);
  spool.publish();
  return spool;
}

function texts(of: TestSpool, tail: number): string[] {
  const { items } = new LogCursor({ query: {}, tail, isSnapshot: true }, of.index, of.reader).pull(100);
  return items.flatMap((item) => (item.kind === 'lines' ? item.lines.map((line) => line.text) : []));
}

const told = (worker: string, state: 'following' | 'kept') => ({
  worker,
  service: 'worker',
  state,
  lines: 2,
});

test('a tail is of a worker, whatever number of containers it had, and of those that are there', () => {
  const of = spoolOfThree();
  of.index.state = {
    ...UNTOLD,
    workers: [told('worker-1', 'kept'), told('worker-2', 'kept'), told('worker-1', 'following')],
  };
  expect(texts(of, 1)).toEqual(['a5']);
  expect(texts(of, 3)).toEqual(['a3', 'a4', 'a5']);
  expect(texts(of, 0)).toEqual([]);
});

test('where no worker is left, all that were have their tail', () => {
  const of = spoolOfThree();
  of.index.state = { ...UNTOLD, workers: [told('worker-1', 'kept'), told('worker-2', 'kept')] };
  expect(texts(of, 1)).toEqual(['b2', 'a5']);
});
