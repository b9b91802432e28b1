import { describe, expect, it } from 'vitest';
import type { Danger } from '#shared/domain/Diagnostic.ts';
import { Consents } from './Consents.ts';

const danger = (setting: string, text = 1): Danger => ({
  id: `${setting}${text}`,
  setting,
  service: 'a',
  kind: 'privileged',
  value: 'true',
  file: 'compose.yaml',
  line: 3,
  explanation: '',
});

describe('Consents', () => {
  it('hold for a setting as its files brought it, and mark it when they changed', () => {
    const consents = new Consents([]);
    consents.grant(['x1'], [danger('x'), danger('y')]);
    expect(consents.viewOf(danger('x'))).toMatchObject({ granted: true, grantedBefore: false });
    expect(consents.viewOf(danger('x', 2))).toMatchObject({ granted: false, grantedBefore: true });
    expect(consents.viewOf(danger('y'))).toMatchObject({ granted: false, grantedBefore: false });
    expect(() => consents.assertAll('pi', [danger('x'), danger('x', 2)])).toThrow(
      /pi asks for more.*compose\.yaml:3/,
    );
    expect(() => consents.assertAll('pi', [danger('x')])).not.toThrow();
  });

  it('are taken from what is asked for now, all or none', () => {
    const consents = new Consents([]);
    expect(() => consents.grant(['x1', 'x2'], [danger('x', 2)])).toThrow(/not among those/);
    expect(consents.list()).toEqual([]);
  });

  it('are kept, also for a text that comes back, but not without end', () => {
    const consents = new Consents([]);
    consents.grant(['x1'], [danger('x')]);
    consents.grant(['x2'], [danger('x', 2)]);
    const again = new Consents(consents.list());
    expect(again.viewOf(danger('x', 2)).granted).toBe(true);
    expect(again.viewOf(danger('x', 1)).granted).toBe(true);
    expect(again.viewOf(danger('x', 3))).toMatchObject({ granted: false, grantedBefore: true });
    for (let at = 0; at < 3000; at += 1) again.grant([`s${at}1`], [danger(`s${at}`)]);
    expect(again.list().length).toBeLessThan(1100);
  });

  it('of an earlier Flotilla, which knew settings only, count as given before', () => {
    expect(new Consents(['x']).viewOf(danger('x'))).toMatchObject({ granted: false, grantedBefore: true });
  });
});
