import { expect, test } from 'vitest';
import { ParsedTexts } from './ParsedTexts.ts';

test('a text is parsed once for all who ask, and apart as it is written where that is not what is meant', () => {
  const texts = new ParsedTexts();
  const right = 'services:\n  a:\n    image: b\n';
  expect(texts.asMeant(right)).toBe(texts.asMeant(right));
  expect(texts.asWritten(right)).toBe(texts.asMeant(right));
  const glued = 'services:\n  a:\n    image:b\n';
  expect(texts.asMeant(glued).documents[0]?.toJS()).toEqual({ services: { a: { image: 'b' } } });
  expect(texts.asWritten(glued).documents[0]?.toJS()).toEqual({ services: { a: 'image:b' } });
});
