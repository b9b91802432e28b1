import { describe, expect, it } from 'vitest';
import { decodeTrace } from './decodeTrace.ts';
import { bytesField, numberField, readFields } from './protobufWire.ts';
import { findSyntaxLine, isFrontendUnreachable, withoutSyntaxLine } from './syntaxLine.ts';

const message = (...fields: Buffer[]): Buffer => Buffer.concat(fields);
const time = (seconds: number, nanos: number): Buffer =>
  message(numberField(1, seconds), numberField(2, nanos));

describe('a trace of BuildKit', () => {
  it('is decoded as its protocol has it', () => {
    const status = message(
      bytesField(
        1,
        message(
          bytesField(1, 'sha256:a'),
          bytesField(2, 'sha256:b'),
          bytesField(2, 'sha256:c'),
          bytesField(3, '[2/5] RUN écho'),
          numberField(4, 1),
          bytesField(5, time(1_795_561_382, 420_549_676)),
          bytesField(6, time(1_795_561_383, 0)),
          bytesField(7, 'exit code: 1'),
        ),
      ),
      bytesField(
        2,
        message(
          bytesField(1, 'layer'),
          bytesField(2, 'sha256:a'),
          numberField(4, 5_000_000_000),
          numberField(5, 9_000_000_000),
          bytesField(8, time(1, 0)),
        ),
      ),
      bytesField(
        3,
        message(bytesField(1, 'sha256:a'), numberField(3, 2), bytesField(4, Buffer.from([0xff, 0x0a]))),
      ),
      bytesField(
        4,
        message(
          bytesField(1, 'sha256:a'),
          bytesField(3, 'JSONArgsRecommended'),
          bytesField(
            7,
            message(
              bytesField(1, message(numberField(1, 12), numberField(2, 3))),
              bytesField(2, numberField(1, 14)),
            ),
          ),
        ),
      ),
      // What a later protocol may add.
      numberField(99, 7),
      Buffer.from([0x99, 0x06, 1, 2, 3, 4, 5, 6, 7, 8]),
    );
    expect(decodeTrace(status.toString('base64'))).toEqual({
      vertexes: [
        {
          digest: 'sha256:a',
          inputs: ['sha256:b', 'sha256:c'],
          name: '[2/5] RUN écho',
          cached: true,
          startedAt: 1_795_561_382_000 + 420_549_676 / 1e6,
          completedAt: 1_795_561_383_000,
          error: 'exit code: 1',
        },
      ],
      statuses: [{ vertex: 'sha256:a', id: 'layer', current: 5e9, total: 9e9, completed: true }],
      logs: [{ vertex: 'sha256:a', data: Buffer.from([0xff, 0x0a]) }],
      warnings: [{ vertex: 'sha256:a', message: 'JSONArgsRecommended', line: 12 }],
    });
  });

  it('is refused when it is cut off or nonsense, never read past its end', () => {
    expect(() => decodeTrace(Buffer.from([0x0a, 0x7f, 1]).toString('base64'))).toThrow('cut off');
    expect(() => decodeTrace(Buffer.from([0x0b]).toString('base64'))).toThrow('unknown kind');
    expect(() => decodeTrace(Buffer.alloc(12, 0xff).toString('base64'))).toThrow('too long');
    expect([...readFields(numberField(6, 1_795_561_382_000_000_000n))]).toHaveLength(1);
  });
});

describe('the `# syntax` line', () => {
  it.each([
    ['# syntax=docker/dockerfile:1\nFROM x\n', { line: 1, image: 'docker/dockerfile:1' }, '#\nFROM x\n'],
    ['#escape=`\n#SYNTAX = a/b \nFROM x\n', { line: 2, image: 'a/b' }, '#escape=`\n#\nFROM x\n'],
    ['# syntax=a/b\n# escape=`\nFROM x\n', { line: 1, image: 'a/b' }, '# escape=`\n#\nFROM x\n'],
    ['\uFEFF# syntax=a/b\nFROM x\n', { line: 1, image: 'a/b' }, '#\nFROM x\n'],
    ['# a remark\n# syntax=a/b\nFROM x\n', undefined, '# a remark\n# syntax=a/b\nFROM x\n'],
    ['FROM x\n# syntax=a/b\n', undefined, 'FROM x\n# syntax=a/b\n'],
  ])('is found in %j and made a remark that moves no line', (text, found, without) => {
    expect(findSyntaxLine(text)).toEqual(found);
    expect(withoutSyntaxLine(text)).toBe(without);
  });

  it('counts as unreachable for want of a network only', () => {
    const name = 'resolve image config for docker.io/docker/dockerfile:1';
    expect(isFrontendUnreachable({ name, error: 'Head "https://x": dial tcp: lookup x: no such host' })).toBe(
      true,
    );
    expect(isFrontendUnreachable({ name, error: 'docker.io/docker/dockerfil:1: not found' })).toBe(false);
    expect(isFrontendUnreachable({ name: '[1/2] FROM x', error: 'dial tcp: i/o timeout' })).toBe(false);
  });
});
