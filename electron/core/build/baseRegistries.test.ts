import { describe, expect, it } from 'vitest';
import { baseRegistries } from './baseRegistries.ts';

describe('the registries of a Dockerfile', () => {
  it.each([
    ['FROM busybox', ['docker.io']],
    ['FROM scratch\nCOPY . /', []],
    [
      'FROM localhost:5000/a AS one\nFROM One\nCOPY --chown=1 --from=ghcr.io/x/y:1 /a /b\nCOPY --from=0 a b',
      ['localhost:5000', 'ghcr.io'],
    ],
    ['ARG REG=quay.io\nARG V="2"\nFROM ${REG}/team/solver:$V', ['quay.io']],
    ['ARG REG=quay.io\nFROM ${REG}/a\nFROM ${OTHER:-reg.local:80}/b', ['quay.io', 'reg.local:80']],
    ['FROM --platform=linux/amd64 registry.example/a\nFROM Not/A:Reference', ['registry.example']],
    ['', []],
  ])('%j', (text, hosts) => expect(baseRegistries(text, {})).toEqual(hosts));

  it('take build arguments before their defaults', () =>
    expect(baseRegistries('ARG REG=quay.io\nFROM $REG/a', { REG: 'mine.example' })).toEqual([
      'mine.example',
    ]));
});
