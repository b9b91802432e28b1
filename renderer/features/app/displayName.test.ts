import { describe, expect, it } from 'vitest';
import { displayName } from './displayName.ts';

describe('displayName', () => {
  it.each([
    ['worker', 'worker'],
    ['grüße-münchen', 'grüße-münchen'],
    ['工作者 👩‍🔬', '工作者 👩‍🔬'],
    ['gpj\u202Eexe.sh', 'gpj\ufffdexe.sh'],
    ['a\u2066b\u2069c', 'a\ufffdb\ufffdc'],
    ['pay\u200bpal', 'pay\ufffdpal'],
    ['line\nbreak\u0007', 'line\ufffdbreak\ufffd'],
    ['lone \ud800', 'lone \ufffd'],
  ])('%j is shown as %j', (name, shown) => {
    expect(displayName(name)).toBe(shown);
  });
});
