import fc from 'fast-check';
import { projectSnippets } from './projectSnippets.ts';

/** Keys that rarely make sense at once: each project has a few only, so that most are not refused. */
const service = (most: number): fc.Arbitrary<string> =>
  fc
    .uniqueArray(fc.constantFrom(...Object.keys(projectSnippets)), { maxLength: most })
    .chain((keys) =>
      fc.tuple(
        ...keys.map((key) =>
          fc.constantFrom(...(projectSnippets[key] ?? [])).map((value) => `    ${key}: ${value}\n`),
        ),
      ),
    )
    .map((lines) => lines.join(''));

const TOP = `  db: {image: db}
  cache: {image: cache}
  base: {image: base, ports: ["80:80"], environment: {BASE: 1, A: 9}, volumes: ["./base:/data"], cap_add: [A]}
volumes: {v1: , v2: {driver: local, labels: {a: 1}}}
networks: {n1: , n2: {driver: bridge, ipam: {config: [{subnet: 10.0.0.0/24}]}}}
secrets: {s1: {file: ./s1}, s2: {environment: S2}}
configs: {c1: {file: ./c1}, c2: {content: "x $$y"}}
`;

/** A project of a few services with random keys, and often an override file. Files by path. */
export const randomProject: fc.Arbitrary<Map<string, string>> = fc
  .record({ web: service(6), api: service(4), override: fc.option(service(5)), hasImage: fc.boolean() })
  .map(({ web, api, override, hasImage }) => {
    const own = (lines: string) => (/^ {4}(?:image|build|extends):/m.test(lines) ? '' : '    image: own\n');
    const files = new Map([
      [
        'compose.yaml',
        `services:\n  web:\n${hasImage ? own(web) : ''}${web}    x-end: 1\n  api:\n${own(api)}${api}${TOP}`,
      ],
      ['one.env', 'E1=one\nA=${VAR:-none}\n'],
      ['two.env', 'E2="two words"\nE1=two\n'],
      ['.env', 'VAR=value\nCOMPOSE_PROFILES=p2\n'],
      [
        'other.yaml',
        'services:\n  far: {build: ./far, env_file: two.env, volumes: ["./far:/far"], extends: farther}\n  farther: {hostname: farther, labels: {f: 1}}\n',
      ],
    ]);
    if (override !== null)
      files.set('compose.override.yaml', `services:\n  web:\n${override}    x-over: 2\n`);
    return files;
  });
