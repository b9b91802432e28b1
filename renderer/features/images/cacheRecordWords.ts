import type { PrunePreview } from '#shared/domain/Image.ts';

type Going = PrunePreview['images'][number];

/** BuildKit's words for what a record is. */
const TYPES: Record<string, string> = {
  regular: 'Step',
  internal: 'BuildKit’s own',
  frontend: 'Frontend',
  'source.local': 'Sent files',
  'source.git.checkout': 'Git checkout',
  'exec.cachemount': 'Cache mount',
};

/** What a record of the build cache keeps, as one who wrote the Dockerfile would say it; the title keeps BuildKit's own text. */
export function cacheRecordTitle({ description = '', cache, id }: Going): string {
  const text = description.trim();
  const exec = /^mount (\S+) from exec (.+)$/s.exec(text);
  if (exec !== null) {
    const run = `RUN ${commandOf(exec[2] ?? '')}`;
    return exec[1] === '/' ? run : `${exec[1]} of ${run}`;
  }
  const mount = /^cached mount (\S+) from exec (.+)$/s.exec(text);
  if (mount !== null) return `${mount[1]} of RUN ${commandOf(mount[2] ?? '')}`;
  const pulled = /^pulled from (\S+?)(@sha256:[0-9a-f]+)?$/.exec(text);
  if (pulled !== null) return `Layer of ${(pulled[1] ?? '').replace(/^docker\.io\/(library\/)?/, '')}`;
  const local = /^local source for (.+)$/.exec(text);
  if (local !== null) return LOCAL[local[1] ?? ''] ?? `Files of ${local[1]}`;
  if (/^http url \S*\/\/build-context-/.test(text)) return 'Build context';
  if (text === 'fileop target') return 'Copied files';
  return text === '' || text === cache?.type ? (TYPES[text] ?? id) : text;
}

const LOCAL: Record<string, string> = {
  context: 'Build context',
  dockerfile: 'Dockerfile',
  dockerignore: 'Ignore file',
};

/** What kind of record it is, when it was used last, and whether images keep its bytes: parts of one line. */
export function cacheRecordFacts({ cache }: Going, ago: (time: number) => string): string[] {
  if (cache === undefined) return [];
  return [
    TYPES[cache.type] ?? cache.type,
    cache.lastUsedAt === undefined ? 'not used since it was made' : `used ${ago(cache.lastUsedAt)}`,
    ...(cache.shared ? ['images share it: frees nothing'] : []),
  ].filter((part) => part !== '');
}

/** Without the shell that every command is run with. */
function commandOf(words: string): string {
  return words.replace(/^\/bin\/(?:ba)?sh -\w*c /, '');
}
