import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BuildStep } from '#shared/domain/Build.ts';
import type { BuildOutputLine } from './BuildApi.ts';
import { ClassicOutput } from './ClassicOutput.ts';
import { LineAssembler } from './LineAssembler.ts';
import { OutputRing } from './OutputRing.ts';
import type { PlannedStep } from './planSteps.ts';
import { type JsonLine, readJsonLines } from './readJsonLines.ts';

function read(plan: [string, number][], events: unknown[]) {
  const lines: BuildOutputLine[] = [];
  let steps: BuildStep[] = [];
  const planned = plan.map(
    ([text, line]): PlannedStep => ({ keyword: text.split(' ')[0] ?? '', text, line, endLine: line }),
  );
  const output = new ClassicOutput(planned, {
    onLine: (line) => lines.push(line),
    onSteps: (now) => {
      steps = now;
    },
  });
  for (const event of events) output.accept(event);
  return { output, lines, steps: () => steps };
}

const stream = (text: string) => ({ stream: text });

describe('ClassicOutput', () => {
  it('shows planned steps before the first output', () => {
    const { steps } = read(
      [
        ['FROM a', 1],
        ['RUN b', 3],
      ],
      [],
    );
    expect(steps().map((step) => [step.line, step.total, step.state])).toEqual([
      [1, 2, 'pending'],
      [3, 2, 'pending'],
    ]);
  });

  it('reads an error inside a successful answer', () => {
    const { output, lines, steps } = read(
      [['FROM a', 1]],
      [
        stream('Step 1/1 : FROM a'),
        stream('\n'),
        { errorDetail: { code: 7, message: 'pull access denied' }, error: 'x' },
      ],
    );
    output.close('failed');
    expect(output.error).toEqual({ message: 'pull access denied', code: 7 });
    expect(output.succeeded).toBe(false);
    expect(steps()[0]?.state).toBe('failed');
    expect(lines.at(-1)).toEqual({ step: 1, text: 'pull access denied' });
  });

  it('copes with error events of any shape, and with values that are no events', () => {
    for (const event of [{ error: 5 }, { errorDetail: null }, { errorDetail: { message: '' } }]) {
      expect(read([], [event]).output.error?.message).toBe(
        'The engine reported a failure without saying which.',
      );
    }
    expect(read([], [null, 7, 'text', [], { aux: null }, { stream: 3 }]).output.error).toBeUndefined();
  });

  it('says a layer’s state once, not with every percent', () => {
    const { lines } = read(
      [],
      [
        { status: 'Pulling from library/busybox', id: 'latest' },
        { status: 'Downloading', id: 'abc', progressDetail: { current: 1 } },
        { status: 'Downloading', id: 'abc', progressDetail: { current: 2 } },
        { status: 'Pull complete', id: 'abc' },
      ],
    );
    expect(lines.map((line) => line.text)).toEqual([
      'latest: Pulling from library/busybox',
      'abc: Downloading',
      'abc: Pull complete',
    ]);
  });

  it('gives no line to a step the Dockerfile does not hold', () => {
    const { steps } = read(
      [['FROM a', 1]],
      [
        stream('Step 1/2 : FROM a'),
        stream('\n'),
        stream(' ---> 0123456789ab\n'),
        stream('Step 2/2 : LABEL x=y'),
        stream('\n'),
      ],
    );
    expect(steps().map((step) => [step.line, step.total])).toEqual([
      [1, 2],
      [undefined, 2],
    ]);
  });

  it('remembers the containers that were not removed', () => {
    const { output } = read(
      [],
      [
        stream('Step 1/2 : FROM a'),
        stream(' ---> Running in 111111111111\n'),
        stream('Removing intermediate container 111111111111\n'),
        stream(' ---> Running in 222222222222\n'),
      ],
    );
    expect([...output.containers]).toEqual(['222222222222']);
  });

  it('reads what Podman says', () => {
    const { output, steps } = read(
      [
        ['FROM a', 1],
        ['RUN b', 2],
      ],
      [
        stream('STEP 1/2: FROM a\n'),
        stream('STEP 2/2: RUN b\n'),
        stream('--> Using cache 0123456789abcdef\n'),
        stream('--> 0123456789a\n'),
        { aux: { ID: 'sha256:1' } },
        stream('Successfully built 0123456789ab\n'),
      ],
    );
    expect(steps().map((step) => [step.line, step.state, step.cached])).toEqual([
      [1, 'done', false],
      [2, 'done', true],
    ]);
    expect(output.succeeded).toBe(true);
    expect(output.imageId).toBe('sha256:1');
  });
});

describe('LineAssembler', () => {
  const assemble = (pieces: string[]): string[] => {
    const lines: string[] = [];
    const assembler = new LineAssembler((line) => lines.push(line));
    for (const piece of pieces) assembler.push(piece);
    assembler.flush();
    return lines;
  };

  it('keeps the last state of a progress bar and takes CR LF for one line end', () => {
    expect(assemble(['10%\r50%\r', '100%\nnext\r', '\nlast'])).toEqual(['100%', 'next', 'last']);
  });

  it('cuts an endless line and says so', () => {
    const [line] = assemble(['x'.repeat(5_000), 'y'.repeat(5_000), '\n']);
    expect(line).toMatch(/^x{5000}y{3192}… \(1808 more characters\)$/);
  });

  it('gives the same lines however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', '\r', '\n', 'ż')), fc.nat(20), (characters, at) => {
        const text = characters.join('');
        expect(assemble([text.slice(0, at), text.slice(at)])).toEqual(assemble([text]));
      }),
    );
  });
});

describe('readJsonLines', () => {
  const collect = async (pieces: Buffer[]): Promise<JsonLine[]> => {
    const found: JsonLine[] = [];
    for await (const line of readJsonLines(Readable.from(pieces))) found.push(line);
    return found;
  };

  it('joins lines and letters cut at any byte, keeps a last line without its end, hands on what is not JSON', async () => {
    const bytes = Buffer.from('{"stream":"π"}\n\n<html>\n{"a":1}');
    const whole = await collect([bytes]);
    expect(whole).toEqual([
      { ok: true, value: { stream: 'π' } },
      { ok: false, text: '<html>' },
      { ok: true, value: { a: 1 } },
    ]);
    for (let at = 1; at < bytes.length; at += 1)
      expect(await collect([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
  });

  it('refuses a line without end', async () => {
    await expect(collect([Buffer.alloc(5 * 1024 * 1024, 'x')])).rejects.toThrow('a line of more than 4 MiB');
  });
});

describe('OutputRing', () => {
  it('keeps the last lines in order and counts the others', () => {
    const ring = new OutputRing(3);
    for (const text of ['1', '2', '3', '4', '5']) ring.push({ step: 0, text });
    expect(ring.read()).toEqual({ lines: ['3', '4', '5'].map((text) => ({ step: 0, text })), dropped: 2 });
  });
});
