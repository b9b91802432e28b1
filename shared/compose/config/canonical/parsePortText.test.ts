import { describe, expect, it } from 'vitest';
import { parsePortText } from './parsePortText.ts';

const written = (text: string) => {
  const ports = parsePortText(text);
  return 'problem' in ports
    ? ports.problem
    : ports.map(({ hostIp, published, target, protocol }) => `${hostIp}|${published}|${target}|${protocol}`);
};

describe('short ports', () => {
  it.each([
    ['80', ['||80|tcp']],
    ['8080:80/UDP', ['|8080|80|udp']],
    ['9-11', ['||10|tcp', '||11|tcp', '||9|tcp']],
    ['8000-8001:80-81', ['|8000|80|tcp', '|8001|81|tcp']],
    ['8000-8005:80', ['|8000-8005|80|tcp']],
    ['1.2.3.4::80', ['1.2.3.4||80|tcp']],
    ['[::1]:1:2', ['::1|1|2|tcp']],
  ])('%s', (text, ports) => expect(written(text)).toEqual(ports));

  it.each([
    '',
    ':',
    '80:',
    '0',
    '1:0',
    '65536',
    '90-80',
    '1-2:1-3',
    '1.2.3:1:2',
    '256.1.1.1:1:2',
    '::1:1:2',
    '1/x',
    '-1',
    '1-1001',
    '1:1:1:1',
  ])('%j is refused', (text) => expect(parsePortText(text)).toHaveProperty('problem'));
});
