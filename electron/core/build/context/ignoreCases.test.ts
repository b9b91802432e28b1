import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuildProblem } from '../BuildProblem.ts';
import { IgnoreRules } from '../ignoreRules.ts';
import { walkContext } from '../walkContext.ts';
import { runToEnd } from './runInSteps.ts';
import { ignoreCases, leftOutOf, makeIgnoreFiles } from './ignoreCases.ts';
import { TestContext } from './testContext.ts';

let context: TestContext;
beforeAll(() => {
  context = new TestContext();
  makeIgnoreFiles(context.root);
});
afterAll(() => context.remove());

describe('what an ignore file leaves out', () => {
  it('is known from Docker for more than 300 of them', () => {
    expect(new Set(ignoreCases.map(({ rules }) => rules)).size).toBe(ignoreCases.length);
    expect(ignoreCases.filter(({ classic }) => classic === undefined).length).toBeGreaterThan(300);
  });

  it.each(ignoreCases)('is as in Docker for $rules', ({ rules, leftOut }) => {
    let sent: string[] | undefined;
    try {
      const ignore = IgnoreRules.parse(rules, '.dockerignore');
      sent = runToEnd(walkContext({ root: context.root, ignore })).entries.map((entry) => entry.path);
    } catch (error) {
      if (!(error instanceof BuildProblem)) throw error;
      expect(error.failure.message).toMatch(/^\.dockerignore:\d+: /);
    }
    expect(leftOutOf(sent)).toBe(leftOut);
  });
});
