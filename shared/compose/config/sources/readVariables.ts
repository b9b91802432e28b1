import type { Located } from '../../Located.ts';
import type { Variables } from '../../interpolate.ts';
import { readEnvFile } from '../../readEnvFile.ts';
import type { LoadContext } from '../LoadContext.ts';

/** Where the files were asked for, and whether they may be absent. */
interface EnvRequest extends Pick<LoadContext, 'findings' | 'read' | 'shown' | 'variables'> {
  place?: Located | undefined;
  mayBeMissing: boolean;
}

/**
 * Variables of `.env` files, later ones winning, under those already known (`context.variables`), which win over all. A line may use those
 * of lines and files before it. What cannot be read is told.
 */
export async function readVariables(paths: readonly string[], request: EnvRequest): Promise<Variables> {
  const { findings, variables: known } = request;
  const own = new Map<string, string>();
  const lookup = (name: string) => known.get(name) ?? own.get(name);
  for (const path of paths) {
    const file = request.shown(path);
    const found = await request.read(path);
    if (!found.ok) {
      if (request.mayBeMissing && (found.reason === 'missing' || found.reason === 'not-a-file')) continue;
      const { place } = request;
      findings.add({
        code: 'env-file-unreadable',
        severity: 'error',
        file: place?.file ?? file,
        start: place?.start,
        end: place?.end,
        message: found.message,
        explanation: 'Variables cannot be filled in without it.',
      });
      continue;
    }
    const source = findings.know(file, found.text);
    const { variables, badLines } = readEnvFile(found.text, lookup);
    for (const line of badLines)
      findings.add({
        code: 'bad-env-line',
        severity: 'error',
        file,
        start: source.lineStart(line),
        end: source.lineEnd(line),
        message: 'This line sets no variable.',
        explanation: 'Write NAME=value; comments begin with #, a quote must be closed.',
      });
    for (const [name, value] of variables) own.set(name, value);
  }
  return { get: (name) => known.get(name) ?? own.get(name) };
}
