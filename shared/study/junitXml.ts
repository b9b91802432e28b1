import { escapeXml } from '../text/escapeXml.ts';
import type { RequirementResult } from './Requirement.ts';

/** Requirements as a JUnit report, which CI systems read: one test case each; what was not measured (yet) counts as an error. */
export function junitXml(title: string, results: readonly RequirementResult[]): string {
  const count = (status: RequirementResult['status']): number =>
    results.filter((result) => result.status === status).length;
  const cases = results.map(({ status, text }) => {
    const name = `name="${escapeXml(text.split(': ')[0] ?? text)}" classname="${escapeXml(title)}"`;
    if (status === 'pass') return `  <testcase ${name}/>`;
    const tag = status === 'fail' ? 'failure' : 'error';
    return `  <testcase ${name}><${tag} message="${escapeXml(text)}"/></testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escapeXml(title)}" tests="${results.length}" failures="${count('fail')}" errors="${count('unknown') + count('pending')}">`,
    ...cases,
    '</testsuite>',
    '',
  ].join('\n');
}
