import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinWords, wordsOf } from './commandWords.ts';
import { ComposeText } from './ComposeText.ts';
import { ServiceText } from './ServiceText.ts';

const TEXT = `x-base: &base
  restart: always
services:
  a:
    <<: *base
    image: "x:1" # one
    cpus: \${CPUS:-2}
    environment: &env
      A: 1
      B:
    ports: ["80:80", { target: 90 }]
    networks: { back: {} }
  b:
    image: y
    environment:
      <<: *env
      C: c
  c: &c { image: z, environment: [ "D=1=2", E ] }
networks:
  back:
`;
const service = (name: string): ServiceText => {
  const found = ServiceText.find(new ComposeText(TEXT), name);
  if (found === undefined) throw new Error('There is none.');
  return found;
};

describe('ServiceText', () => {
  test('names the services in their order', () => {
    expect(ServiceText.namesIn(new ComposeText(TEXT))).toEqual(['a', 'b', 'c']);
    expect(ServiceText.find(new ComposeText(TEXT), 'constructor')).toBeUndefined();
  });

  test('tells what is written, whether here or elsewhere, and where', () => {
    expect(service('a').field('image')).toMatchObject({ from: 'own', text: 'x:1', place: { line: 6 } });
    expect(service('a').field('cpus')).toMatchObject({ from: 'own', text: '${CPUS:-2}' });
    expect(service('a').field('restart')).toMatchObject({
      from: 'shared',
      text: 'always',
      place: { line: 2 },
    });
    expect(service('a').field('init')).toMatchObject({ from: 'absent', text: undefined });
    expect(service('a').field('deploy', 'replicas')).toMatchObject({ from: 'absent' });
    expect(service('c').field('image')).toMatchObject({ from: 'own', text: 'z' });
    const { place } = service('a').field('image');
    expect(TEXT.slice(place?.start, place?.end)).toBe('image: "x:1"');
  });

  test('has the pairs of mappings and lists', () => {
    expect(service('a').pairs('environment')).toMatchObject([
      { name: 'A', value: '1', from: 'own' },
      { name: 'B', value: null, from: 'own' },
    ]);
    expect(
      service('b')
        .pairs('environment')
        .map(({ name, from }) => `${name} ${from}`),
    ).toEqual(['C own', 'A shared', 'B shared']);
    expect(service('c').pairs('environment')).toMatchObject([
      { name: 'D', value: '1=2' },
      { name: 'E', value: null },
    ]);
  });

  test('has items, of which some are no single value', () => {
    expect(
      service('a')
        .items('ports')
        .map(({ text }) => text),
    ).toEqual(['80:80', undefined]);
    expect(
      service('a')
        .items('networks')
        .map(({ text }) => text),
    ).toEqual(['back']);
    expect(service('a').declared('networks')).toEqual(['back']);
  });
});

describe('words of a command', () => {
  test('any words are the same after being put in a line', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 0, maxLength: 12 }), { minLength: 1 }), (words) => {
        const plain = words.map((word) => word.replaceAll(/[`$()]/g, ''));
        expect(wordsOf(joinWords(plain))).toEqual(plain);
      }),
      { seed: 20_261_127, numRuns: 2000 },
    );
  });

  test('a line that compose would cut off is none', () => {
    expect(wordsOf('echo a; rm b')).toBeUndefined();
    expect(wordsOf('echo "a')).toBeUndefined();
    expect(wordsOf('sh -c "a; b"')).toEqual(['sh', '-c', 'a; b']);
  });
});
