import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../../domain/Diagnostic.ts';
import { escapeDollars } from '../escapeDollars.ts';
import { askFlotilla } from './askFlotilla.ts';
import differences from './differences.json' with { type: 'json' };
import { readCase } from './readCase.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.txtar'))
  .map((file) => readCase(file.replace(/\.txtar$/, ''), readFileSync(`${folder}/${file}`, 'utf8')));
const REASONS: Readonly<Record<string, string>> = differences;

describe('what docker compose config answered', () => {
  test.each(cases.map((corpusCase) => [corpusCase.name, corpusCase] as const))(
    '%s',
    async (name, corpusCase) => {
      const { expected } = corpusCase;
      expect(expected, 'not recorded yet').toBeDefined();
      const { model, diagnostics } = await askFlotilla(corpusCase);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      const answer = model === undefined ? 'refused' : JSON.stringify(escapeDollars(model), null, 2);
      const recorded =
        expected !== undefined && 'json' in expected
          ? JSON.stringify(JSON.parse(expected.json), null, 2)
          : 'refused';
      if (Object.hasOwn(REASONS, name)) expect(answer, 'listed as different, but equal').not.toBe(recorded);
      else if (answer === 'refused' && recorded !== 'refused') expect(errors).toEqual([]);
      else expect(answer).toBe(recorded);
      expect(model === undefined).toBe(errors.length > 0);
      expect(linesOf(diagnostics)).toBe(corpusCase.findings ?? '');
    },
  );
});

/** Where each finding is: what compose does not say, so nobody but us can record it. */
function linesOf(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ file, range, severity, code }) => {
      const place = range === undefined ? file : `${file}:${range.line}:${range.column}`;
      return `${place} ${severity} ${code}\n`;
    })
    .join('');
}

test('every listed difference is a case, with a reason', () => {
  const names = new Set(cases.map(({ name }) => name));
  for (const [name, reason] of Object.entries(REASONS)) {
    expect(names).toContain(name);
    expect(reason.length).toBeGreaterThan(20);
  }
});
