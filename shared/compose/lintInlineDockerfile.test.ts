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

  const inOrder = async (yaml: string) => {
    const { diagnostics } = await read(yaml);
    const fix = diagnostics.find(({ code }) => code === 'cache-order')?.fixes[0];
    expect(fix?.title).toBe('Move pip install before the copy');
    return applyEdits(yaml, fix?.edits ?? []);
  };

  it('is put in order with the line ends of its file', async () => {
    const lines = (...steps: string[]) =>
      project(
        `      dockerfile_inline: |4\n${steps.map((step) => `          ${step}\n`).join('')}`,
      ).replaceAll('\n', '\r\n');
    expect(await inOrder(lines('FROM python:3.12', 'COPY . .', 'RUN pip install numpy'))).toBe(
      lines('FROM python:3.12', 'RUN pip install numpy', 'COPY . .'),
    );
  });

  describe.each(['|', '|-', '|+'])('as a block that begins with %s', (head) => {
    it.each([
      ['the end of the file', ''],
      ['the last line end', '\n'],
      ['an empty line', '\n\n'],
      ['another key', '\n    command: [abc]\n'],
      ['an empty line and another key', '\n\n    command: [abc]\n'],
      ['a key without any blank in front', '\nx-more: 1\n'],
      ['a remark', '\n      # of the build\n      target: x\n'],
    ])('is put in order with %s after it whole', async (_, rest) => {
      const whole = (steps: string[], end: string) =>
        `services:\n  a:\n    build:\n      dockerfile_inline: ${head}\n${steps.map((step) => `          ${step}`).join('\n')}${end}`;
      const yaml = whole(['FROM python:3.12', 'COPY . .', 'RUN pip install numpy'], rest);
      const fixed = whole(
        ['FROM python:3.12', 'RUN pip install numpy', 'COPY . .'],
        rest === '' ? '\n' : rest,
      );
      expect(await inOrder(yaml)).toBe(fixed);
    });
  });

  it('leaves alone what an edit would take with it that reads differently in the file', async () => {
    const { diagnostics } = await read(
      project(
        '      dockerfile_inline: |\n        FROM python:3.12\n        COPY . .\n        ${NOTHING:-}\n        RUN pip install numpy\n',
      ),
    );
    expect(diagnostics.find(({ code }) => code === 'cache-order')?.fixes).toEqual([]);
  });

  it('is placed by a line with nothing but blanks in front of it, not by an empty variable', async () => {
    const { found } = await read(
      project(
        '      dockerfile_inline: |\n        ${NOTHING:-}FROM busybox:1.36\n        RNU echo hello\n        CMD ["x"]\n',
      ),
    );
    expect(found).toContain('compose.yaml:7:9 “RNU” is no instruction of a Dockerfile; is RUN meant?');
  });

  it('is told of once, however many services share it', async () => {
    const { diagnostics } = await read(
      'x-b: &b\n  dockerfile_inline: |\n    FROM busybox:1.36\n    RNU echo hello\n    CMD ["x"]\n' +
        'services:\n  a: { build: *b }\n  b: { build: *b }\n  c: { extends: a }\n',
    );
    expect(diagnostics.map(({ range, code }) => `${range?.line ?? ''} ${code}`)).toEqual([
      '4 unknown-instruction',
    ]);
  });

  it('is told in its own file where an override repeats the key, with nothing behind it', async () => {
    const { found } = await read(
      project('      dockerfile_inline: "FROM busybox:1.36\\nRNU echo hello\\nCMD x"\n'),
      { 'compose.override.yaml': 'services:\n  a:\n    build: { dockerfile_inline: }\n' },
    );
    expect(found).toContain('compose.yaml:5:26 “RNU” is no instruction of a Dockerfile; is RUN meant?');
  });
});
