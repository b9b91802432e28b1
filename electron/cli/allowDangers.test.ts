import { describe, expect, it } from 'vitest';
import type { DangerView } from '#shared/domain/Diagnostic.ts';
import { allowedIds, withAllowLines } from './allowDangers.ts';

const dangers: DangerView[] = [
  ['1', 'privileged', 'true'],
  ['2', 'volume', "/it's (read-only)"],
].map(([id = '', kind = '', value = '']) => ({
  id,
  setting: id,
  service: 'a',
  kind,
  value,
  file: 'compose.yaml',
  line: 3,
  explanation: 'Because.',
  granted: false,
  grantedBefore: id === '2',
}));

describe('--allow', () => {
  it('names settings one by one, as they are listed or by their id', () => {
    expect(allowedIds(['a:privileged:true'], dangers)).toEqual(['1']);
    expect(allowedIds(["a:volume:/it's (read-only)", '1'], dangers)).toEqual(['2', '1']);
  });

  it.each(['a:privileged', 'b:privileged:true', '', '*', 'a:privileged:false'])(
    'does not take “%s” for one',
    (item) => {
      expect(() => allowedIds([item], dangers)).toThrow(
        `--allow ${item}: the project asks for no such thing.`,
      );
    },
  );

  it('stands in the refusal, ready for a shell, with place and reason', () => {
    const { hint } = withAllowLines({
      code: 'consent-required',
      message: 'm',
      hint: 'h',
      detail: { dangers },
    });
    expect(hint?.split('\n').slice(1)).toEqual([
      "    --allow 'a:privileged:true'  compose.yaml:3: Because.",
      "    --allow 'a:volume:/it'\\''s (read-only)'  compose.yaml:3: Because. (Allowed before; its files have changed since.)",
    ]);
    expect(withAllowLines({ code: 'conflict', message: 'm', hint: 'h' }).hint).toBe('h');
  });
});
