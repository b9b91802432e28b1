import { isAbsolute } from 'node:path';
import type { Core } from '#core/Core.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { StreamItem } from '#shared/contract/streams.ts';
import { LatestQueue } from '../LatestQueue.ts';
import type { CallHandlers, StreamHandlers } from '../Router.ts';

const GAP_MS = 100;

/** What the calls about runs do. */
export function runCallHandlers({ runs }: Core, openFolder: ((path: string) => Promise<void>) | undefined) {
  return {
    'runs.list': (query) => runs.list(query),
    'runs.show': ({ id }) => runs.show(id),
    'runs.compare': ({ left, right }) => runs.compare(left, right),
    'runs.metrics': ({ id }) => runs.metrics(id),
    'runs.annotate': ({ id, ...annotation }) => runs.annotate(id, annotation),
    'runs.delete': ({ id }) => runs.remove(id).then(() => null),
    'runs.rerun': ({ id }, signal) => runs.rerun(id, { signal }),
    'runs.results': ({ id, worker, path }) => runs.listResults(id, worker, path),
    'runs.preview': ({ id, worker, path }) => runs.previewResult(id, worker, path),
    'runs.openFolder': async ({ id }) => {
      const { folder } = await runs.show(id);
      if (openFolder === undefined)
        throw new FlotillaError('unsupported', 'This shell cannot open a folder.', {
          hint: `It is ${folder}.`,
        });
      await openFolder(folder);
      return null;
    },
  } satisfies Partial<CallHandlers>;
}

export function runStreamHandlers({ runs }: Core) {
  return {
    runChanges: async function* ({ appId }, signal) {
      const changes = new LatestQueue<true>();
      const heard = runs.onChange((changed) => {
        if (changed === appId) changes.put('changed', true);
      });
      let number = 0;
      const next = (): StreamItem<'runChanges'>[] => [{ number: (number += 1) }];
      try {
        yield next();
        for await (const _ of changes.batches(signal, GAP_MS)) yield next();
      } finally {
        void heard.dispose();
      }
    },
    runExport: (request, signal) => {
      if (!isAbsolute(request.path))
        throw new FlotillaError('invalid-input', `${request.path} is no absolute path.`, {
          hint: 'Give the whole path of the folder or archive that is to be written.',
        });
      return runs.export(request, signal);
    },
  } satisfies Partial<StreamHandlers>;
}
