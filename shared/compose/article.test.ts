import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEdits } from './applyEdits.ts';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

const folder = join(import.meta.dirname, '../../e2e/fixtures/article');
const article = () =>
  memoryProject(
    Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])),
    'article',
  );

describe('the article’s own example', () => {
  it('shows every problem at its place, also behind the first', async () => {
    const { diagnostics, model } = await readProject(article());
    const found = diagnostics.map(
      (diagnostic) =>
        `${diagnostic.file}:${diagnostic.range?.line} ${diagnostic.code} ${diagnostic.severity}`,
    );
    expect(found.sort()).toEqual(
      [
        'Dockerfile:10 missing-space error',
        'Dockerfile:4 missing-space error',
        'Dockerfile:8 several-images-in-one-file warning',
        'docker-compose.yml:13 missing-space-after-colon error',
        'docker-compose.yml:13 ambiguous-build-target warning',
        'docker-compose.yml:17 fixed-host-port warning',
        'docker-compose.yml:19 bogus-service error',
        'docker-compose.yml:2 obsolete-version info',
        'docker-compose.yml:7 ambiguous-build-target error',
        'docker-compose.yml:7 missing-space-after-colon error',
        'docker-compose.yml:9 unused-variable warning',
      ].sort(),
    );
    expect(model?.services.map((service) => [service.name, service.role])).toEqual([
      ['processes', 'main'],
      ['subprocesses', 'worker'],
    ]);
    for (const diagnostic of diagnostics) {
      expect(diagnostic.explanation, diagnostic.code).not.toBe('');
      expect(diagnostic.fixes.length, diagnostic.code).toBeGreaterThan(0);
    }
  });

  it('is right after each first fix was applied once, comments and layout kept', async () => {
    const files = article();
    const codes: string[] = [];
    for (let round = 0; round < 30; round += 1) {
      const { diagnostics } = await readProject(files);
      const next = diagnostics.find((diagnostic) => diagnostic.fixes.length > 0);
      if (next === undefined) break;
      codes.push(next.code);
      const edits = next.fixes[0]?.edits ?? [];
      for (const file of new Set(edits.map((edit) => edit.file))) {
        files.texts.set(
          file,
          applyEdits(
            files.texts.get(file) ?? '',
            edits.filter((edit) => edit.file === file),
          ),
        );
      }
    }
    const { diagnostics, model } = await readProject(files);
    expect(diagnostics).toEqual([]);
    expect(codes.length).toBeLessThanOrEqual(11);
    expect(files.texts.get('docker-compose.yml')).toBe(
      [
        '# An HPC application: one main process, many sub-processes',
        '',
        'services:',
        '  # the main process',
        '  processes:',
        '    build:',
        '      context: .',
        '      target: processes',
        '',
        '  # the sub-processes, to be scaled',
        '  subprocesses:',
        '    build: .',
        '    depends_on:',
        '      - processes',
        '    ports:',
        '      - "8080"  # monitoring',
        '',
        '',
      ].join('\n'),
    );
    const dockerfile = files.texts.get('Dockerfile') ?? '';
    expect(dockerfile).toContain(
      '# Dockerfile for the sub-processes\nFROM python:3.9-slim AS subprocesses\nWORKDIR /app\nCOPY . /app\n',
    );
    expect(model?.services.map((service) => service.build?.target)).toEqual(['processes', undefined]); // the last image is what Docker builds unasked
    expect(model?.services[1]?.ports[0]?.hostPort).toBeUndefined();
  });

  it('also reads build:. where YAML takes it for the whole value', async () => {
    const { diagnostics, model } = await readProject(
      memoryProject({
        'compose.yaml': 'services:\n  solver:\n    build:.\n',
        Dockerfile: 'FROM busybox:1.36\n',
      }),
    );
    expect(
      diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.range?.line, diagnostic.range?.column]),
    ).toEqual([['missing-space-after-colon', 3, 5]]);
    expect(model?.services[0]?.build?.context).toBe('.');
  });
});
