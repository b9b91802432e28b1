import type { RequirementResult } from './Requirement.ts';

/** Requirements as a JUnit report, which CI systems read: one test case each; what was not measured counts as an error. */
export function junitXml(title: string, results: readonly RequirementResult[]): string {
  const count = (status: RequirementResult['status']): number =>
    results.filter((result) => result.status === status).length;
  const cases = results.map(({ status, text }) => {
    const name = `name="${escaped(text.split(': ')[0] ?? text)}" classname="${escaped(title)}"`;
    if (status === 'pass') return `  <testcase ${name}/>`;
    const tag = status === 'fail' ? 'failure' : 'error';
    return `  <testcase ${name}><${tag} message="${escaped(text)}"/></testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escaped(title)}" tests="${results.length}" failures="${count('fail')}" errors="${count('unknown')}">`,
    ...cases,
    '</testsuite>',
    '',
  ].join('\n');
}

/** Characters that XML 1.0 has no way to write become �. */
function escaped(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
