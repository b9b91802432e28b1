import { describe, expect, it } from 'vitest';
import {
  canStepBack,
  canStepForward,
  type EditHistory,
  newHistory,
  noteStep,
  presentText,
  rebaseHistory,
  stepBack,
  stepForward,
} from './EditHistory.ts';

const steps = (first: string, ...texts: string[]): EditHistory =>
  texts.reduce((history, text) => noteStep(history, text, undefined, 0), newHistory(first));

describe('EditHistory', () => {
  it('goes back and forward over every text, to the same bytes', () => {
    const texts = ['# a\r\n', '# a\r\nb\r\n', '\uFEFF# a', ''];
    let history = steps(texts[0] ?? '', ...texts.slice(1));
    for (const text of [...texts].reverse()) {
      expect(presentText(history)).toBe(text);
      history = stepBack(history);
    }
    expect(canStepBack(history)).toBe(false);
    for (const text of texts) {
      expect(presentText(history)).toBe(text);
      history = stepForward(history);
    }
    expect(canStepForward(history)).toBe(false);
  });

  it('forgets what was taken back when something else is done', () => {
    const history = noteStep(stepBack(steps('a', 'b')), 'c', undefined, 0);
    expect(canStepForward(history)).toBe(false);
    expect(presentText(stepBack(history))).toBe('a');
  });

  it('takes quick typing for one step, and a form’s change for one of its own', () => {
    let history = newHistory('');
    for (const [text, at] of [
      ['a', 0],
      ['ab', 500],
      ['abc', 1000],
    ] as const)
      history = noteStep(history, text, 'typing', at);
    history = noteStep(history, 'abcd', 'typing', 9000);
    history = noteStep(history, 'form', undefined, 9001);
    expect(history.texts).toEqual(['', 'abc', 'abcd', 'form']);
  });

  it('has others’ changes in every step, so that going back never takes them away', () => {
    const history = rebaseHistory(
      stepBack(steps('a\nb\nc\n', 'A\nb\nc\n', 'A\nb\nc\nd\n')),
      'a\nb\nc\n',
      'a\nb\nC\n',
    );
    expect(history?.texts.slice(0, 2)).toEqual(['a\nb\nC\n', 'A\nb\nC\n']);
    expect(history && presentText(history)).toBe('A\nb\nC\n');
    // The step forward adds a line where they changed one.
    expect(history?.texts.length).toBe(2);
  });

  it('is none where the present text touches the same lines', () => {
    expect(rebaseHistory(steps('a\nb\n', 'a\nB\n'), 'a\nb\n', 'a\nX\n')).toBeUndefined();
  });

  it('keeps a bounded number of steps and of characters', () => {
    let history = newHistory('0');
    for (let at = 1; at <= 1000; at += 1) history = noteStep(history, String(at), undefined, 0);
    expect(history.texts.length).toBe(500);
    const large = 'x'.repeat(1024 * 1024);
    for (let at = 0; at < 40; at += 1) history = noteStep(history, large + String(at), undefined, 0);
    expect(history.texts.length).toBeLessThan(17);
    expect(presentText(history)).toBe(`${large}39`);
  });
});
