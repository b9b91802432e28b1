import type { CorpusCase } from './CorpusCase.ts';
import { readTxtar } from './readTxtar.ts';

const SPECIAL = new Set(['args', 'env', 'expect.json', 'expect.refused', 'findings']);

/** A corpus file as a case. Sections that are no project files: args, env, expect.json, expect.refused, findings. */
export function readCase(name: string, text: string): CorpusCase {
  const { files } = readTxtar(text);
  const json = files.get('expect.json');
  const refused = files.get('expect.refused');
  return {
    name,
    texts: new Map([...files].filter(([file]) => !SPECIAL.has(file))),
    args: lines(files.get('args')).flatMap((line) => {
      const at = line.indexOf(' ');
      return at === -1 ? [line] : [line.slice(0, at), line.slice(at + 1)];
    }),
    variables: new Map(
      lines(files.get('env')).map((line) => {
        const at = line.indexOf('=');
        return [line.slice(0, at), line.slice(at + 1)];
      }),
    ),
    expected: json !== undefined ? { json } : refused !== undefined ? { refused } : undefined,
    findings: files.get('findings'),
  };
}

function lines(text = ''): string[] {
  return text.split('\n').filter((line) => line !== '');
}
