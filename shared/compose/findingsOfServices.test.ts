import { describe, expect, it } from 'vitest';
import { resolveConfig } from './config/resolveConfig.ts';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const FILES = (compose: string, others: Record<string, string> = {}) =>
  memoryProject({ 'compose.yaml': compose, ...others });
const resolved = async (compose: string, others: Record<string, string> = {}) =>
  (await resolveConfig({ files: FILES(compose, others), folder: '/project', home: undefined })).diagnostics;

const two = (lines: string): string => `services:\n  a: { image: a }\n  b:\n    image: b\n    ${lines}\n`;

describe('what compose refuses is told of the service it stands in', () => {
  it.each([
    ['an unknown key', two('imagee: x')],
    ['a wrong kind', two('ports: 80')],
    ['two values of one limit', two('cpus: 1\n    deploy: { resources: { limits: { cpus: "2" } } }')],
    ['a missing partner', two('depends_on: [zz]')],
    ['a variable that must be set', two('user: ${X:?which}')],
    ['a bad value', two('mem_limit: lots')],
    ['a base that is not there', two('extends: { file: none.yaml, service: x }')],
    ['a file of variables that is not there', two('env_file: none.env')],
  ])('%s', async (_name, compose) => {
    const errors = (await resolved(compose)).filter(({ severity }) => severity === 'error');
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.map(({ service }) => service)).toEqual(errors.map(() => 'b'));
    const shown = (await readProject(FILES(compose))).diagnostics.filter(
      ({ severity }) => severity === 'error',
    );
    expect(shown.map(({ service }) => service)).toEqual(shown.map(() => 'b'));
  });

  it('by the file in which it stands, and of none where it stands in no service', async () => {
    const override = 'services:\n  b:\n    imagee: x\n';
    const found = await resolved(two(''), { 'compose.override.yaml': override });
    expect(found.map(({ file, service }) => [file, service])).toEqual([['compose.override.yaml', 'b']]);
    expect((await resolved(`${two('')}volumes: 5\n`)).map(({ service }) => service)).toEqual([undefined]);
  });
});

describe('files that would have to be fetched', () => {
  const addresses = [
    'https://example.com/x.yaml',
    'https://github.com/x/y.git#main',
    'git@github.com:x/y.git',
    'ssh://git@host/x.git',
    'github.com/x/y',
    'oci://registry.example.com/x:1',
  ];
  it.each(addresses)(
    'are refused with the address and what to do, by include and by extends: %s',
    async (address) => {
      for (const [by, compose, line, service] of [
        [
          'include',
          `include:\n  - ${JSON.stringify(address)}\nservices: { a: { image: a } }\n`,
          2,
          undefined,
        ],
        [
          'include',
          `include:\n  - path: [${JSON.stringify(address)}]\nservices: { a: { image: a } }\n`,
          2,
          undefined,
        ],
        ['extends', two(`extends: { file: ${JSON.stringify(address)}, service: x }`), 5, 'b'],
      ] as const)
        for (const found of [await resolved(compose), (await readProject(FILES(compose))).diagnostics]) {
          const [error] = found.filter(({ severity }) => severity === 'error');
          expect(error).toMatchObject({
            code: `${by}-remote`,
            message: `${by}: ${address} would have to be fetched, which Flotilla does not do.`,
            range: { line },
          });
          expect(error?.service).toBe(service);
          expect(error?.explanation).toContain('Download it into the project');
        }
    },
  );

  it('are refused in files that are extended, too, and not taken for others', async () => {
    const found = await resolved(two('extends: { file: sub/base.yaml, service: x }'), {
      'sub/base.yaml': 'services:\n  x:\n    extends: { file: "https://host/x.yaml", service: y }\n',
    });
    expect(found).toMatchObject([
      {
        code: 'extends-remote',
        file: 'sub/base.yaml',
        service: 'x',
        message: expect.stringContaining(' https://host/x.yaml '),
      },
    ]);
    const fine = await resolved('include: ["./git@home.yaml", "C/oci.yaml"]\n', {
      'git@home.yaml': 'services: { a: { image: a } }\n',
      'C/oci.yaml': 'services: { b: { image: a } }\n',
    });
    expect(fine).toEqual([]);
  });
});
