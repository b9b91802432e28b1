import { expect, it } from 'vitest';
import type { AppModel } from '#shared/domain/ServiceModel.ts';
import type { Requirement, RequirementResult } from '#shared/study/Requirement.ts';
import { assertRunRequirements, whyNotMet } from './assertRequirements.ts';

it('a run is asserted only where something can be, and was', () => {
  const model = (...requirements: Requirement[]): AppModel => ({ requirements }) as unknown as AppModel;
  const ofStudy: Requirement = { kind: 'efficiency', least: 0.7 };
  const ofRun: Requirement = { kind: 'time', mostMs: 1 };
  for (const wrong of [undefined, model(), model(ofStudy)])
    expect(() => assertRunRequirements('a', wrong)).toThrow(
      'a has no requirements that one run can be held to.',
    );
  expect(() => assertRunRequirements('a', model(ofStudy, ofRun))).not.toThrow();
  const results = (...states: RequirementResult['status'][]): RequirementResult[] =>
    states.map((status) => ({ requirement: ofRun, status, text: '' }));
  expect(whyNotMet([])).toMatch(/^Nothing was asserted/);
  expect(whyNotMet(results('pass', 'unknown', 'fail'))).toBe('Requirements that are not met: 2 of 3.');
  expect(whyNotMet(results('pass', 'pass'))).toBeUndefined();
});
