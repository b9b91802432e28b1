import { posix } from 'node:path';
import { copySources } from './copySources.ts';
import { type PlannedStep, planSteps } from './planSteps.ts';

/** What a step takes from the context, and where it puts that in the image. */
interface Copied {
  /** Files and folders, with `/`; `''` is all of the context. */
  paths: string[];
  /** Undefined where it is not known, or nothing stays. */
  target?: string | undefined;
}

/**
 * What of the context can get into an image, by its Dockerfile: files and folders, with `/`; `''` is all of it, and others may be named beside it.
 * More rather than less: a name with a pattern or a variable in it stands for its folder.
 */
export function copiedPaths(text: string, target: string | undefined): string[] {
  const steps = copiesOf(text, target);
  // What cannot be read may copy anything.
  return steps === undefined ? [''] : [...new Set(steps.flatMap(({ paths }) => paths))];
}

/** Whether a folder of the container hides all that its Dockerfile copies from the context, where that can be told. */
export function hidesCopies(text: string, target: string | undefined, folder: string): boolean {
  const copies = (copiesOf(text, target) ?? [{ paths: [''] }]).filter(({ paths }) => paths.length > 0);
  const isUnder = (path: string | undefined): boolean =>
    path !== undefined && (folder === '/' || path === folder || path.startsWith(`${folder}/`));
  return copies.length > 0 && copies.every((copy: Copied) => isUnder(copy.target));
}

function copiesOf(text: string, target: string | undefined): Copied[] | undefined {
  const steps = planSteps(text, target, false);
  if (steps.length === 0) return undefined;
  let folder: string | undefined;
  return steps.flatMap((step): Copied[] => {
    switch (step.keyword) {
      case 'FROM':
        // Where an image has its working folder is not known here.
        folder = undefined;
        return [];
      case 'WORKDIR':
        folder = placeOf(step.text.replace(/^\s*\S+\s+/, '').trim(), folder);
        return [];
      case 'RUN':
        return bindsContext(step.text) ? [{ paths: [''] }] : [];
      case 'COPY':
      case 'ADD':
        return copyOf(step, folder);
      default:
        return [];
    }
  });
}

function copyOf(step: PlannedStep, folder: string | undefined): Copied[] {
  if (/^\s*\S+\s+(?:--\S+\s+)*--from=/i.test(step.text)) return [];
  const paths = copySources(step).filter(isOfContext).map(plain);
  const end = /(?:"([^"]*)"\s*\]|(\S+))\s*$/.exec(step.text);
  return [{ paths, target: placeOf(end?.[1] ?? end?.[2] ?? '', folder) }];
}

/** Undefined where it is not known: below a folder that is not, or with a variable in it. */
function placeOf(path: string, folder: string | undefined): string | undefined {
  if (path.includes('$') || (!path.startsWith('/') && folder === undefined)) return undefined;
  return posix.resolve(folder ?? '/', path);
}

/** `--mount` is of type bind where it says no other, and of the context where it says no `from`. */
function bindsContext(text: string): boolean {
  return [...text.matchAll(/\s--mount=(\S+)/g)].some(([, options = '']) => {
    const parts = options.split(',');
    const type = parts.find((part) => part.startsWith('type='));
    return (type === undefined || type === 'type=bind') && !parts.some((part) => part.startsWith('from='));
  });
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
