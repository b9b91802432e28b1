import { posix } from 'node:path';
import { copySources } from './copySources.ts';
import { planSteps } from './planSteps.ts';

/**
 * What of the context can get into an image, by its Dockerfile: files and folders, with `/`; `''` is all of it, and others may be named beside it. More rather than less: a name with
 * a pattern or a variable in it stands for its folder.
 */
export function copiedPaths(text: string, target: string | undefined): string[] {
  const steps = planSteps(text, target, false);
  // What cannot be read may copy anything.
  if (steps.length === 0) return [''];
  const paths = steps.flatMap((step): string[] => {
    if (step.keyword === 'RUN') return /--mount=\S*type=bind(?!\S*from=)/.test(step.text) ? [''] : [];
    if (
      (step.keyword !== 'COPY' && step.keyword !== 'ADD') ||
      /^\s*\S+\s+(?:--\S+\s+)*--from=/i.test(step.text)
    )
      return [];
    return copySources(step).filter(isOfContext).map(plain);
  });
  return [...new Set(paths)];
}

/** An address is fetched by the engine; a heredoc stands in the Dockerfile. */
const isOfContext = (source: string): boolean => !/^[a-z][a-z0-9+.-]*:\/\/|^git@|^<</i.test(source);

function plain(source: string): string {
  const parts = posix.normalize(source === '' ? '.' : source).split('/');
  const at = parts.findIndex((part) => /[*?[$]/.test(part));
  const path = (at < 0 ? parts : parts.slice(0, at)).filter((part) => part !== '' && part !== '.');
  // As the engine takes it: nothing lies above the context.
  return path.filter((part) => part !== '..').join('/');
}
