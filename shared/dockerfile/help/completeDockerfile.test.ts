import { describe, expect, it } from 'vitest';
import { diagnoseDockerfile } from '../diagnoseDockerfile.ts';
import type { DockerfileFacts } from '../DockerfileFacts.ts';
import { completeDockerfile } from './completeDockerfile.ts';
import { hoverDockerfile } from './hoverDockerfile.ts';
import { INSTRUCTION_DOCS } from './instructionDocs.ts';
import { SNIPPETS } from './snippets.ts';

/** Labels offered at `|`, with what stands before it and would be replaced. */
const at = (marked: string, facts?: DockerfileFacts) => {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const found = completeDockerfile(text, offset, facts);
  return {
    labels: found?.items.map(({ label }) => label) ?? [],
    replaced: found === null ? null : text.slice(found.from, offset),
    items: found?.items ?? [],
  };
};

const HEAD = 'ARG V=1\nFROM a:1 AS build\nENV X=1 Y=2\nFROM b:1 AS run\nARG Z\n';

describe('completion', () => {
  it('begins with FROM and ARG, and offers instructions and steps after them', () => {
    expect(at('|').labels).toEqual(['FROM', 'ARG', 'compile in a stage of its own']);
    const { labels, replaced } = at(`${HEAD}co|\nRUN x\n`);
    expect(labels).toContain('COPY');
    expect(labels).toContain('apt packages');
    expect(replaced).toBe('co');
    expect(at(`${HEAD}RUN a \\\n  ap|`).labels).not.toContain('COPY');
  });
  it('knows images, stages and AS', () => {
    const facts = { images: ['python:3.12-slim'] };
    expect(at('FROM |', facts).labels).toEqual(['python:3.12-slim', 'scratch']);
    expect(at(`${HEAD}FROM --platform=x r|`, facts)).toMatchObject({ replaced: 'r' });
    expect(at(`${HEAD}FROM r|`, facts).labels).toEqual(['python:3.12-slim', 'build', 'run', 'scratch']);
    expect(at('FROM a:1 |').labels).toEqual(['AS']);
    expect(at('FROM a:1 AS |').labels).toEqual([]);
    expect(at(`${HEAD}COPY --from=b| /x /y`)).toMatchObject({ labels: ['build'], replaced: 'b' });
  });
  it('knows flags, each once, and mounts', () => {
    expect(at(`${HEAD}COPY --chown=1 --|`).labels).toEqual([
      '--from',
      '--chmod',
      '--link',
      '--parents',
      '--exclude',
    ]);
    expect(at(`${HEAD}RUN --mount=ty|`)).toMatchObject({ replaced: '--mount=ty' });
    expect(at(`${HEAD}RUN --mount=ty|`).labels[0]).toBe('--mount=type=cache,target=/root/.cache/pip');
    expect(at(`${HEAD}RUN make -|`).labels).toEqual([]);
    expect(at(`${HEAD}HEALTHCHECK --in|`).labels).toContain('--interval');
  });
  it('knows the variables that hold there', () => {
    expect(at(`${HEAD}RUN echo $|`).labels).toEqual(['V', 'Z']);
    expect(at('FROM a:1\nENV X=1 Y=2\nRUN echo ${Y|')).toMatchObject({ replaced: 'Y' });
    expect(at('FROM a:1\nENV X=1 Y=2\nRUN echo ${Y|').items.map(({ insert }) => insert)).toEqual([
      'X}',
      'Y}',
    ]);
  });
  it('knows the files of the context, folder by folder', () => {
    const facts = { contextPaths: ['main.py', 'src/a.c', 'src/b/c.c'] };
    expect(at(`${HEAD}COPY m|`, facts)).toMatchObject({ labels: ['src/', 'main.py'], replaced: 'm' });
    expect(at(`${HEAD}COPY ./src/|`, facts).labels).toEqual(['./src/b/', './src/a.c']);
    expect(at(`${HEAD}COPY --from=build m|`, facts).labels).toEqual([]);
  });
  it('keeps quiet in comments and bears any text', () => {
    expect(at(`${HEAD}# RUN |`).labels).toEqual([]);
    for (const text of ['', '\0', 'FROM', '\\', 'RUN \\\n', '# escape=`\nFROM a`\n'])
      for (let offset = 0; offset <= text.length; offset += 1)
        expect(() => completeDockerfile(text, offset)).not.toThrow();
  });
});

describe('hover', () => {
  const doc = (marked: string) =>
    hoverDockerfile(marked.replace('|', ''), marked.indexOf('|'))?.doc.name ?? null;
  it('tells of instructions and their flags, also on lines they go on to', () => {
    expect(doc('FR|OM a')).toBe('FROM');
    expect(doc('FROM a\ncopy --ch|own=1 a b')).toBe('--chown');
    expect(doc('FROM a\nRUN \\\n  --mou|nt=type=cache,target=/x true')).toBe('--mount');
    expect(doc('FROM a\nRUN ma|ke')).toBeNull();
    expect(doc('FROM a\n# RU|N make')).toBeNull();
  });
  it('is written for every instruction and flag', () => {
    for (const docs of INSTRUCTION_DOCS)
      for (const { name, syntax, text, example } of [docs, ...docs.flags])
        expect(
          [syntax, text, example].every((part) => part.length > 4),
          name,
        ).toBe(true);
  });
  it('shows examples and offers steps that its own rules have nothing against', () => {
    const lines = INSTRUCTION_DOCS.flatMap((docs) => [docs, ...docs.flags]).map(({ example }) => example);
    for (const line of [
      ...lines,
      ...SNIPPETS.map(({ insert }) => insert.replaceAll(/\$\{([^}]*)\}/g, '$1')),
    ]) {
      const head = line.startsWith('FROM') ? '' : 'FROM debian:12.5 AS build\nFROM debian:12.5\n';
      const found = diagnoseDockerfile('Dockerfile', `${head}${line}\n`).filter(
        ({ severity }) => severity !== 'info',
      );
      expect(found.map(({ code, message }) => `${line}: ${code} ${message}`)).toEqual([]);
    }
  });
});
