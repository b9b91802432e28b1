import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldOf, readFields } from './readFields.ts';
import { readJsonFields } from './readJsonFields.ts';

const plain = (text: string): Record<string, unknown> | null => {
  const fields = readFields(text);
  return fields === null ? null : { ...fields };
};

describe('readFields of JSON', () => {
  it('flattens objects and keeps lists as text', () => {
    expect(
      plain(' {"step":3,"ok":true,"name":"a","none":null,"loss":{"train":0.5,"by":{"rank":[1,{"x":2}]}}} '),
    ).toEqual({
      step: 3,
      ok: true,
      name: 'a',
      none: null,
      'loss.train': 0.5,
      'loss.by.rank': '[1,{"x":2}]',
    });
  });

  it('goes five deep, and keeps what is deeper as text', () => {
    expect(plain('{"a":{"b":{"c":{"d":{"e":{"f":1}}}}}}')).toEqual({ 'a.b.c.d.e': '{"f":1}' });
  });

  it('keeps 200 fields and 1000 characters of a list', () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`k${at}`, { a: at, b: at }]));
    expect(Object.keys(readFields(JSON.stringify(many)) ?? {})).toHaveLength(200);
    const list = readFields(JSON.stringify({ list: Array.from({ length: 900 }, (_, at) => at) }));
    expect(list?.['list']).toHaveLength(1000);
  });

  it('is not harmed by names of prototypes or by depth', () => {
    const fields = readFields('{"__proto__":{"polluted":1},"constructor":2,"__proto__x":3}');
    expect(Object.keys(fields ?? {})).toEqual(['__proto__.polluted', 'constructor', '__proto__x']);
    const own = readFields('{"__proto__":7}');
    expect(Object.keys(own ?? {})).toEqual(['__proto__']);
    expect(own?.['__proto__']).toBe(7);
    expect(readFields('x=1')?.['toString']).toBeUndefined();
    expect(readFields('__proto__=5')?.['__proto__']).toBe(5);
    expect(fieldOf('x=toString', 'toString')).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const deep = `{"a":1,"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(() => readFields(deep)).not.toThrow();
  });

  it('reads the numbers of Python that are none', () => {
    expect(plain(String.raw`{"loss": NaN, "best":-Infinity, "text":"a \" NaN"}`)).toEqual({
      loss: 'NaN',
      best: '-Infinity',
      text: 'a " NaN',
    });
  });

  it('the first of two fields with one name counts', () => {
    expect(plain('{"a.b":1,"a":{"b":2}}')).toEqual({ 'a.b': 1 });
    expect(plain('a=1 a=2')).toEqual({ a: 1 });
  });

  it.each([['{}'], ['[1,2]'], ['{"a":1} tail'], ['2026 {"a":1}'], ['{"a":1'], ['{broken}'], [''], ['{']])(
    '%j holds none',
    (text) => {
      expect(readFields(text)).toBeNull();
    },
  );
});

describe('readFields of pairs', () => {
  it.each<[string, Record<string, unknown>]>([
    ['rank=3 loss=0.05, lr=1e-3; d=-2', { rank: 3, loss: 0.05, lr: 0.001, d: -2 }],
    [String.raw`msg="a \"b\" \\ c d=1" e=2`, { msg: String.raw`a "b" \ c d=1`, e: 2 }],
    ['[loss=0.5, acc=0.9]', { loss: 0.5, acc: 0.9 }],
    ['loss=0.5,acc=0.9;n=1', { loss: 0.5, acc: 0.9, n: 1 }],
    ['f(x=1) list=[1,2] s={a}', { x: 1, list: '[1,2]', s: '{a}' }],
    ['done with loss=0.05.', { loss: 0.05 }],
    ['a.b-c_d=x', { 'a.b-c_d': 'x' }],
    ['x=[a=1] y=b=c', { x: '[a=1]', y: 'b=c' }],
    ['--rank=3 -v=1', { rank: 3, v: 1 }],
    ['quoted="3" empty= n=.5 p=+1 q=2.', { quoted: '3', empty: '', n: 0.5, p: 1, q: 2 }],
    ['t=3.2s v=1.2.3 hex=0x1f inf=1e999', { t: '3.2s', v: '1.2.3', hex: '0x1f', inf: '1e999' }],
    ['id=12345678901234567891', { id: '12345678901234567891' }],
    ['open="never closed', { open: '"never' }],
    ['flag=true größe=3 naïve=1', { flag: 'true' }],
  ])('%j', (text, fields) => {
    expect(plain(text)).toEqual(fields);
  });

  it.each([
    ['a == b'],
    ['a==b'],
    ['x!=3'],
    ['x<=3'],
    ['1a=2'],
    ['https://x.example/page?a=1&b=2'],
    ['=3'],
    ['a = 3'],
    ['no pairs here'],
  ])('%j holds none', (text) => {
    expect(readFields(text)).toBeNull();
  });
});

describe('fieldOf', () => {
  it('finds fields whose names are apart or escaped in the text', () => {
    expect(fieldOf('{"loss":{"train":0.5}}', 'loss.train')).toBe(0.5);
    expect(fieldOf(String.raw`{"caf\u00e9":1}`, 'café')).toBe(1);
    expect(fieldOf('rank=3', 'ran')).toBeUndefined();
    expect(fieldOf('{"a":null}', 'a')).toBeNull();
  });

  it('agrees with readFields on any text, and neither throws', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom('a', 'b.c', '=', '"', '\\', ' ', ',', '1', '-', '{', '}', ':', '[', ']', ')', ';', '.'),
    );
    const text = fc.oneof(
      fc.array(part, { maxLength: 30 }).map((parts) => parts.join('')),
      fc.json({ maxDepth: 8 }).map((json) => `{"a":${json},"b":{"c":${json}}}`),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('a', 'b.c', 'x', '', '.'), (line, name) => {
        const fields = readFields(line);
        for (const each of [name, ...Object.keys(fields ?? {})])
          expect(fieldOf(line, each)).toBe(fields?.[each]);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes time in proportion to the length', () => {
    const started = performance.now();
    for (const text of [
      `a=${')'.repeat(200_000)}`,
      'a='.repeat(100_000),
      'a="'.repeat(100_000),
      `a=${',b'.repeat(100_000)}`,
      `${'a'.repeat(200_000)}=1`,
      `a="${'\\'.repeat(200_000)}`,
      `{"a":NaN${'"'.repeat(200_000)}}`,
    ])
      readFields(text);
    expect(performance.now() - started).toBeLessThan(1500);
  });
});

describe('readJsonFields', () => {
  it('takes no pairs', () => {
    expect(readJsonFields('a=1')).toBeNull();
  });
});
