import { expect, it } from 'vitest';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppModel } from '#shared/domain/ServiceModel.ts';
import { testApp, testService } from '#shared/reconcile/testModel.ts';
import type { BuildRequest } from '../build/BuildApi.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import type { AppSession } from './AppSession.ts';
import type { OperationTools } from './OperationStep.ts';
import { prepareImages } from './prepareImages.ts';

const built = (name: string, image: string, base?: string) =>
  testService(name, {
    image,
    build: {
      context: '.',
      dockerfile: 'Dockerfile',
      args: {},
      ...(base === undefined ? {} : { additionalContexts: { base: `service:${base}` } }),
    },
  });

/** What is built of an app, with what after what, on an engine that has these images only. */
async function builtOf(app: AppModel, present: readonly string[], build: 'missing' | 'always' = 'missing') {
  const started: BuildRequest[] = [];
  const service = (name: string) => {
    const found = app.services.find((candidate) => candidate.name === name);
    if (found === undefined) throw new FlotillaError('not-found', `There is no ${name}.`);
    return found;
  };
  const session = { id: 'a', path: '/a', title: 'a', model: () => app, service } as unknown as AppSession;
  const builds = {
    start: (request: BuildRequest) => {
      started.push(request);
      return { ...request, id: request.service };
    },
    wait: async (id: string) => ({ id, state: 'succeeded' }),
  };
  const request = async ({ path }: { path: string }) => {
    if (present.some((image) => path === `/images/${image}/json`)) return { Id: path };
    throw new FlotillaError('not-found', 'No such image.', { detail: { statusCode: 404 } });
  };
  const outcome = prepareImages(
    session,
    app,
    build,
    { request } as unknown as EngineClient,
    { builds } as unknown as OperationTools,
    { step: () => undefined, signal: new AbortController().signal },
  );
  const error: unknown = await outcome.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, started: started.map(({ service: name, after = [] }) => [name, ...after].join(' < ')) };
}

it('what a missing image is built with is left as it is where it is there', async () => {
  const app = testApp([built('web', 'web:1', 'base'), built('base', 'base:1')]);
  expect(await builtOf(app, ['base:1'])).toEqual({ started: ['web'] });
  expect(await builtOf(app, [])).toEqual({ started: ['base', 'web < base'] });
  expect(await builtOf(app, ['base:1', 'web:1'])).toEqual({ started: [] });
  expect(await builtOf(app, ['base:1', 'web:1'], 'always')).toEqual({ started: ['base', 'web < base'] });
});

it('two services of one image are built once, and before what is built with either', async () => {
  const app = testApp([built('web', 'web:1', 'twin'), built('one', 'base:1'), built('twin', 'base:1')]);
  expect(await builtOf(app, [])).toEqual({ started: ['one', 'web < one'] });
});

it('nothing is begun where one is to be built with what is not there', async () => {
  const app = testApp([built('one', 'one:1'), built('web', 'web:1', 'nope')]);
  const { error, started } = await builtOf(app, []);
  expect(error).toMatchObject({ message: 'There is no nope.' });
  expect(started).toEqual([]);
});
