import fc from 'fast-check';
import { projectSnippets } from './projectSnippets.ts';

/** Keys that rarely make sense at once: each service has a few only, so that most projects are not refused. */
const service = (most: number, marked: boolean): fc.Arbitrary<string> =>
  fc
    .uniqueArray(fc.constantFrom(...Object.keys(projectSnippets)), { maxLength: most })
    .chain((keys) => fc.tuple(...keys.map((key) => line(key, marked))))
    .map((lines) => lines.join(''));

/** In an override a value may be marked to replace what is below, or to remove it. */
const line = (key: string, marked: boolean): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...(projectSnippets[key] ?? [])), fc.integer({ min: 0, max: marked ? 9 : 7 }))
    .map(([value, mark]) => {
      const tag = value === '' ? '' : mark === 8 ? '!override ' : mark === 9 ? '!reset ' : '';
      return `    ${key}: ${tag}${value}\n`;
    });

const NETWORKS = [
  '{driver: bridge}',
  '{driver: bridge, ipam: {config: [{subnet: 10.0.0.0/24}]}}',
  '{external: true}',
  '{internal: "yes", labels: [a=1], driver_opts: {x: 5}}',
  '{name: real, attachable: true, enable_ipv6: false}',
];
const VOLUMES = [
  '',
  '{driver: local, labels: {a: 1}}',
  '{external: true, name: elsewhere}',
  '{driver: local, driver_opts: {o: bind, type: none, device: ./here}}',
  '{name: "v-${VAR}"}',
];
const BASES = [
  'image: base, ports: ["80:80"], environment: {BASE: 1, A: 9}, volumes: ["./base:/data"], cap_add: [A]',
  'image: base, networks: [n1], env_file: one.env, labels: [a=0, base=1], healthcheck: {test: base, retries: 9}',
  'build: {context: ./base, args: {A: 0, Z: 1}}, depends_on: [cache], deploy: {replicas: 1, labels: {d: 1}}, scale: 1',
  'image: base, secrets: [s1], configs: [c1], ulimits: {nofile: {soft: 8, hard: 9}}, dns: 9.9.9.9, logging: {driver: json-file, options: {x: 1}}',
];
const TOPS = ['', 'name: named\n', 'x-top: {a: [1, 2]}\n', 'include: [part/compose.yaml]\n'];

/** A project of a few services with random keys, often with an override file, sometimes with a part that it includes. Files by path. */
export const randomProject: fc.Arbitrary<Map<string, string>> = fc
  .record({
    web: service(6, false),
    api: service(4, false),
    override: fc.option(service(5, true)),
    hasImage: fc.boolean(),
    network: fc.constantFrom(...NETWORKS),
    volume: fc.constantFrom(...VOLUMES),
    base: fc.constantFrom(...BASES),
    top: fc.constantFrom(...TOPS),
    overTop: fc.constantFrom(
      '',
      'networks: {n2: {labels: {b: 2}, ipam: {config: [{subnet: 10.0.0.0/24, gateway: 10.0.0.1}]}}}\n',
      'volumes: {v2: {labels: [a=2, c=3]}}\n',
    ),
    profiles: fc.constantFrom('', 'p2', 'p1,p2'),
  })
  .map(({ web, api, override, hasImage, network, volume, base, top, overTop, profiles }) => {
    const own = (lines: string) => (/^ {4}(?:image|build|extends):/m.test(lines) ? '' : '    image: own\n');
    const files = new Map([
      [
        'compose.yaml',
        `${top}services:
  web:
${hasImage ? own(web) : ''}${web}    x-end: 1
  api:
${own(api)}${api}  db: {image: db}
  cache: {image: cache}
  base: {${base}}
volumes: {v1: , v2: ${volume}}
networks: {n1: , n2: ${network}}
secrets: {s1: {file: ./s1}, s2: {environment: S2}}
configs: {c1: {file: ./c1}, c2: {content: "x $$y"}}
`,
      ],
      ['one.env', 'E1=one\nA=${VAR:-none}\n'],
      ['two.env', 'E2="two words"\nE1=two\n'],
      ['.env', `VAR=value\nCOMPOSE_PROFILES=${profiles}\n`],
      [
        'other.yaml',
        'services:\n  far: {build: ./far, env_file: two.env, volumes: ["./far:/far"], extends: farther}\n  farther: {hostname: farther, labels: {f: 1}}\n',
      ],
      [
        'part/compose.yaml',
        'services:\n  part: {image: "part:${VAR}-${PART}", build: ., volumes: ["./p:/p", "pv:/v"], depends_on: [half], environment: [PART, VAR]}\n  half: {extends: {file: more/half.yaml, service: half}}\nvolumes: {pv: }\n',
      ],
      ['part/more/half.yaml', 'services:\n  half: {image: half, volumes: ["./m:/m"], env_file: half.env}\n'],
      ['part/more/half.env', 'HALF=${PART:-no}\n'],
      ['part/.env', 'PART=inner\nVAR=inner\n'],
    ]);
    if (override !== null)
      files.set('compose.override.yaml', `services:\n  web:\n${override}    x-over: 2\n${overTop}`);
    return files;
  });
