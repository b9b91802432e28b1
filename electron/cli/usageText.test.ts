import { describe, expect, it } from 'vitest';
import type { AppView } from '#shared/domain/AppView.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { assertServices } from './assertServices.ts';
import { asUsage } from './asUsage.ts';
import { shapeOf } from './commandFailure.ts';
import { commandIn, usage } from './parseArguments.ts';
import { usageText } from './usageText.ts';

describe('the help of the command line', () => {
  it('is that of one command where one is named, and else the whole', () => {
    const study = usageText('study').split('\n');
    expect(study[0]).toBe('Usage: flotilla COMMAND [DIR] [options]');
    expect(study[2]).toMatch(/^ {2}study DIR --workers/);
    expect(study.filter((line) => /^ {2}[a-z]/.test(line))).toHaveLength(1);
    expect(study).toContain('Options of every command');
    expect(study.at(-1)).toMatch(/^Exit codes: 0 done/);
    expect(study.some((line) => line.includes('--junit FILE'))).toBe(true);
    // Several lines begin with the name of it.
    expect(usageText('runs').match(/^ {2}runs .*$/gm)).toHaveLength(5);
    expect(usageText('runs')).not.toContain('run DIR');
    for (const all of [usageText(), usageText('bogus')]) {
      expect(all).toContain('\n  check DIR ');
      expect(all).toContain('\n  serve ');
    }
  });

  it('is named by what a command says of its wrong use', () => {
    const { signal } = new AbortController();
    const argv = ['--host', 'unix:///x', 'study', 'up'];
    expect(shapeOf(usage('No'), signal, commandIn(argv)).hint).toBe(
      'flotilla study --help shows what it takes.',
    );
    expect(shapeOf(usage('No'), signal, commandIn(['bogus'])).hint).toBe(
      'flotilla --help shows what there is.',
    );
    const other = new FlotillaError('not-found', 'Gone.', { hint: 'Look elsewhere.' });
    expect(shapeOf(other, signal, 'study').hint).toBe('Look elsewhere.');
  });

  it('gives way to what is said of the mistake itself', () => {
    const { signal } = new AbortController();
    const hintOf = (work: () => void): string | undefined => {
      try {
        work();
      } catch (error) {
        return shapeOf(error, signal, 'build').hint;
      }
      return undefined;
    };
    const app = { title: 'a', services: [{ name: 'main' }, { name: 'worker' }] } as AppView;
    expect(hintOf(() => assertServices(app, ['nope']))).toBe('It has: main, worker.');
    const throws = (hint?: string) => () =>
      asUsage(() => {
        throw new FlotillaError('invalid-input', 'No.', hint === undefined ? {} : { hint });
      });
    expect(hintOf(throws('Write it so.'))).toBe('Write it so.');
    expect(hintOf(throws())).toBe('flotilla build --help shows what it takes.');
  });

  it('is not that of a command that an option only has for its value', () => {
    expect(commandIn(['--data', 'run', 'up', '.'])).toBe('up');
    expect(commandIn(['up', '.', '--data', 'build'])).toBe('up');
    expect(commandIn(['bogus', 'up'])).toBeUndefined();
    // However wrong the rest is.
    expect(commandIn(['--data', 'run', '--nonsense', 'up', '.'])).toBe('up');
  });
});
