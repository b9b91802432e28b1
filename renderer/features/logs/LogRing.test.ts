import { describe, expect, it } from 'vitest';
import { describeNotice, LogRing } from './LogRing.ts';

const line = (text: string, worker = 'w-1') => ({ worker, stderr: false, truncated: false, time: 5, text });

describe('LogRing', () => {
  it('keeps exactly the newest rows and their addresses across chunk borders', () => {
    const ring = new LogRing(10_000);
    for (let at = 0; at < 25_003; at += 1) ring.appendLine(line(`t${at}`, `w-${(at % 3) + 1}`));
    expect(ring.size).toBe(10_000);
    expect(ring.first).toBe(15_003);
    expect(ring.end).toBe(25_003);
    expect(ring.get(15_002)).toBeUndefined();
    expect(ring.get(25_003)).toBeUndefined();
    for (let row = ring.first; row < ring.end; row += 1) {
      expect(ring.textAt(row)).toBe(`t${row}`);
      expect(ring.workerAt(row)).toBe(`w-${(row % 3) + 1}`);
    }
  });

  it('keeps what kind of row it is', () => {
    const ring = new LogRing(5);
    ring.appendLine({ worker: 'a-1', stderr: true, truncated: true, time: 12.5, text: 'x' });
    ring.appendNotice('a-1', 'joined');
    ring.appendNotice(null, '3 lines skipped');
    expect(ring.get(0)).toEqual({
      kind: 'line',
      worker: 'a-1',
      stderr: true,
      truncated: true,
      time: 12.5,
      text: 'x',
    });
    expect(ring.get(1)).toEqual({ kind: 'notice', worker: 'a-1', text: 'joined' });
    expect(ring.get(2)).toEqual({ kind: 'notice', worker: null, text: '3 lines skipped' });
  });

  it('goes on after being cleared', () => {
    const ring = new LogRing(100);
    for (let at = 0; at < 7; at += 1) ring.appendLine(line(`${at}`));
    ring.clear();
    expect(ring.size).toBe(0);
    ring.appendLine(line('after'));
    expect(ring.first).toBe(7);
    expect(ring.textAt(7)).toBe('after');
  });

  it('says in words what a notice means', () => {
    expect(describeNotice({ kind: 'skipped', count: 12_345 }).text).toContain('12,345 lines skipped');
    expect(describeNotice({ kind: 'skipped', count: 1 }).text).toContain('1 line skipped');
    expect(describeNotice({ kind: 'ended', worker: 'w-2', reason: 'disconnected' })).toEqual({
      worker: 'w-2',
      text: 'ended: connection to the engine was lost',
    });
  });
});
