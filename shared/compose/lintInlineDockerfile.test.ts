import { describe, expect, it } from 'vitest';
import { applyEdits } from './applyEdits.ts';
import { memoryProject } from './memoryProject.ts';
import { readProject } from './readProject.ts';

async function read(yaml: string, more: Record<string, string> = {}) {
  const reading = await readProject(memoryProject({ 'compose.yaml': yaml, ...more }));
  return {
    inline: reading.model?.services[0]?.build?.dockerfileInline,
    diagnostics: reading.diagnostics,
    found: reading.diagnostics.map(
      ({ file, range, message }) => `${file}:${range?.line ?? ''}:${range?.column ?? ''} ${message}`,
    ),
  };
}

/** A service whose build has the lines given, and one below it. */
const project = (build: string, rest = '') =>
  `services:\n  a:\n    build:\n      context: .\n${build}${rest}  b:\n    image: busybox\n`;

describe('a Dockerfile inside a compose file', () => {
  it('is read with its variables and with the line it stands on, without any Dockerfile in the folder', async () => {
    const yaml = project(
      '      dockerfile_inline: |\n\n        FROM busybox:${TAG}\n        RUN echo $$HOME\n        CMD ["x"]\n',
    );
    const { inline, found } = await read(yaml, { '.env': 'TAG=1.36\n' });
    expect(found).toEqual([]);
    expect(inline).toEqual({
      text: '\nFROM busybox:1.36\nRUN echo $HOME\nCMD ["x"]\n',
      file: 'compose.yaml',
      line: 5,
      firstLine: 6,
    });
  });

  it.each([
    ['a block with a remark and a mark of its own indent', '|2- # why\n        FROM a\n', 6],
    ['a block with an anchor', '&d |\n        FROM a\n        RUN b\n', 6],
    ['a text on the line of the key', 'FROM a\n', 5],
    ['one in quotes', '"FROM a"\n', 5],
    ['one below its key', '\n        FROM a\n', 6],
    ['a folded one', '>\n        FROM a\n\n        RUN b\n', undefined],
    ['one in quotes with line ends in it', '"FROM a\\nRUN b"\n', undefined],
    ['one into which a variable fills lines', '|\n        FROM a\n        ${MORE:-x\n        y}\n', 6],
    ['one with a variable that is several lines', '|\n        FROM a\n        ${TWO}\n', undefined],
  ])('knows the first line of %s', async (_, value, firstLine) => {
    const { inline } = await read(project(`      dockerfile_inline: ${value}`), {
      '.env': 'TWO="RUN b\nRUN c"\n',
    });
    expect(inline).toMatchObject({ line: 5 });
    expect(inline?.firstLine).toBe(firstLine);
  });

  it('takes an empty text for none, and refuses one beside a Dockerfile', async () => {
    expect(
      (await read(project('      dockerfile_inline: ""\n'), { Dockerfile: 'FROM a\n' })).inline,
    ).toBeUndefined();
    const { found } = await read(project('      dockerfile: Dockerfile\n      dockerfile_inline: FROM a\n'), {
      Dockerfile: 'FROM a\n',
    });
    expect(found.join()).toContain('a has dockerfile and dockerfile_inline.');
  });

  it('is looked through as a Dockerfile is, each finding at its line of the compose file', async () => {
    const yaml = project(
      '      dockerfile_inline: |\n        FROM busybox:1.36\n\n        RNU echo hello\n        CMD ["x"]\n',
    );
    const { diagnostics, found } = await read(yaml);
    expect(found).toEqual(['compose.yaml:8:9 “RNU” is no instruction of a Dockerfile; is RUN meant?']);
    const [fix] = diagnostics[0]?.fixes ?? [];
    expect(diagnostics[0]).toMatchObject({ service: 'a', excerpt: '        RNU echo hello' });
    expect(applyEdits(yaml, fix?.edits ?? [])).toBe(yaml.replace('RNU', 'RUN'));
  });

  it('tells what it cannot place at the key', async () => {
    const { found, diagnostics } = await read(
      project('      dockerfile_inline: "FROM busybox\\nRNU echo hello\\nCMD x"\n'),
    );
    expect(found).toContain('compose.yaml:5:7 “RNU” is no instruction of a Dockerfile; is RUN meant?');
    expect(diagnostics.flatMap(({ fixes }) => fixes)).toEqual([]);
  });

  it('has stages to choose from, and offers the one that fits without harm to the lines around', async () => {
    const yaml = project(
      '      dockerfile_inline: |\n        FROM busybox:1.36 AS a\n        CMD ["x"]\n        FROM busybox:1.36 AS other\n        CMD ["y"]\n',
    );
    const { diagnostics, found } = await read(yaml);
    expect(found[0]).toContain('a does not say which of the 2 images in the text of a’s dockerfile_inline');
    const fixed = applyEdits(yaml, diagnostics[0]?.fixes[0]?.edits ?? []);
    expect(fixed).toBe(yaml.replace('  b:\n', '      target: a\n  b:\n'));
    expect((await read(fixed)).found).toEqual([]);
    expect((await read(fixed.replace('target: a', 'target: c'))).found[0]).toContain(
      'a wants the stage “c”, which the text of a’s dockerfile_inline does not have.',
    );
  });
});
