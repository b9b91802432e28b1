import { describe, expect, it } from 'vitest';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const read = async (yaml: string) => {
  const reading = await readProject(
    memoryProject({ 'compose.yaml': yaml, Dockerfile: 'FROM a\nCMD ["x"]\n' }),
  );
  return {
    build: reading.model?.services[0]?.build,
    found: reading.diagnostics
      .filter((one) => one.file === 'compose.yaml')
      .map((one) => `${one.severity} ${one.range?.line ?? ''} ${one.message}`),
  };
};

describe('the build section of a compose file', () => {
  it('is read whole', async () => {
    const { build, found } = await read(`services:
  a:
    build:
      context: .
      secrets:
        - tok
        - source: key
          target: api
      ssh:
        - default
        - deploy=keys/id
      cache_from: ["x:1"]
      cache_to: ["type=registry,ref=x:cache"]
      platforms: [linux/amd64, linux/arm/v7]
      network: none
      tags: ["example.org/solver:1.2"]
      labels: { mine: "yes" }
      extra_hosts: ["db:10.0.0.1"]
      shm_size: 64m
      pull: true
      no_cache: true
      x-mine: 1
secrets:
  tok: { file: ./secrets/tok }
  key: { environment: API_KEY }
`);
    expect(found).toEqual([]);
    expect(build).toEqual({
      context: '.',
      dockerfile: 'Dockerfile',
      args: {},
      secrets: [
        { id: 'tok', file: 'secrets/tok' },
        { id: 'api', environment: 'API_KEY' },
      ],
      ssh: ['default', 'deploy=keys/id'],
      cacheFrom: ['x:1'],
      cacheTo: ['type=registry,ref=x:cache'],
      platforms: ['linux/amd64', 'linux/arm/v7'],
      network: 'none',
      tags: ['example.org/solver:1.2'],
      labels: { mine: 'yes' },
      extraHosts: ['db:10.0.0.1'],
      shmSizeBytes: 64 * 1024 ** 2,
      pull: true,
      noCache: true,
    });
  });

  it('takes statements about the image in all their spellings', async () => {
    const read1 = async (text: string) =>
      (await read(`services:\n  a:\n    build: { context: ., ${text} }\n`)).build;
    expect(await read1('provenance: mode=max, sbom: true')).toMatchObject({
      provenance: 'mode=max',
      sbom: 'true',
    });
    expect(await read1('provenance: false, sbom: "generator=x"')).toMatchObject({
      provenance: 'false',
      sbom: 'generator=x',
    });
  });

  it('takes contexts from folders, images, other services, and addresses', async () => {
    const contexts = {
      folder: './x/',
      image: 'docker-image://busybox:1.36',
      site: 'https://example.org/x.git#main:sub',
      repository: 'git@example.org:x.git',
      hub: 'github.com/example/x',
      other: 'service:b',
    };
    const { build, found } = await read(
      `services:\n  a:\n    build: { context: ., additional_contexts: ${JSON.stringify(contexts)} }\n  b: { build: . }\n`,
    );
    expect(found).toEqual([]);
    expect(build?.additionalContexts).toEqual({ ...contexts, folder: 'x' });
  });

  it('takes a folder that is named like an address or a service for a folder', async () => {
    const { build, found } = await read(
      'services:\n  a:\n    build: { context: ./git@x, dockerfile_inline: FROM scratch, additional_contexts: [h=./github.com/x, g=./git@y, s=./service:b, o=./oci-layout:z] }\n  b: { build: . }\n',
    );
    expect(found).toEqual([]);
    expect(build?.additionalContexts).toEqual({
      h: './github.com/x',
      g: './git@y',
      s: './service:b',
      o: 'oci-layout:z',
    });
  });

  it.each([
    ['secrets: tok', 'error 5 a: build secrets must be a list.'],
    ['secrets: [nope]', 'error 5 a: the secret “nope” is not declared.'],
    ['secrets: [out]', 'error 7 a: the file of the secret “out” lies outside the project (../tok).'],
    ['secrets: [home]', 'error 8 a: the file of the secret “home” lies outside the project (~/.netrc).'],
    ['secrets: [ext]', 'error 9 a: the secret “ext” has neither file nor environment.'],
    ['secrets: [good, good]', 'error 5 a: the build secret “good” is there twice.'],
    ['secrets: [{ target: x }]', 'error 5 a: a build secret has no name.'],
    ['ssh: ["k=/root/.ssh/id"]', 'error 5 a: the SSH key “/root/.ssh/id” lies outside the project.'],
    ['cache_to: ["ref=x"]', 'error 5 a: build cache_to “ref=x”: “type=” is missing.'],
    ['platforms: [arm]', 'error 5 a: build platforms “arm”: it is no platform.'],
    ['tags: [Upper]', 'error 5 a: build tags “Upper”: it is no image reference.'],
    ['network: mynet', 'error 5 a: build network “mynet”: steps of a build cannot join it.'],
    ['isolation: default', 'warning 5 a: Flotilla does not act on “isolation” of a build yet.'],
    ['sbom: [x]', 'error 5 a: build sbom must be a text, not a list.'],
    ['entitlements: [all]', 'error 5 a: build entitlements “all”: there is no such entitlement.'],
    ['additional_contexts: { up: ../x }', 'error 5 a: the context “up” lies outside the project (../x).'],
    [
      'additional_contexts: [c=oci-layout://x]',
      'error 5 a: the context “c” is a folder with an image in it (oci-layout://x), which builds do not read.',
    ],
    [
      'additional_contexts: [c=s3://x]',
      'error 5 a: the context “c” is of no kind that builds can take (s3://x).',
    ],
    [
      'additional_contexts: [me=service:a]',
      'error 5 Services are built with the images of each other: a → a.',
    ],
    ['cache_form: [x]', 'error 5 Compose knows no “cache_form” in services.a.build; is “cache_from” meant?'],
    ['pull: maybe', 'error 5 a: build pull must be true or false, not the text “maybe”.'],
  ])('tells what is wrong with %s at its line', async (line, message) => {
    const { found } = await read(`services:
  a:
    build:
      context: .
      ${line}
secrets:
  out: { file: ../tok }
  home: { file: ~/.netrc }
  ext: { external: true }
  good: { file: tok }
`);
    expect(found).toContain(message);
  });
});
