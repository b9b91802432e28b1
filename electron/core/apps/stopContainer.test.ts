import { expect, test } from 'vitest';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { EngineClient } from '../engine/EngineApi.ts';
import { removeContainer } from './stopContainer.ts';

/** Answers each request with the next status; what an engine fails at half way cannot be brought about at will. */
function engineAnswering(...statuses: number[]): { client: EngineClient; asked: string[] } {
  const asked: string[] = [];
  const request = async ({ method, path }: { method?: string; path: string }): Promise<undefined> => {
    asked.push(`${method} ${path}`);
    const statusCode = statuses.shift() ?? 204;
    if (statusCode >= 400)
      throw new FlotillaError('engine-error', `answered ${statusCode}`, { detail: { statusCode } });
    return undefined;
  };
  return { client: { request } as unknown as EngineClient, asked };
}

test('a removal that fails half way is asked again', async () => {
  const { client, asked } = engineAnswering(500, 500, 204);
  await removeContainer(client, 'abc');
  expect(asked).toEqual(Array(3).fill('DELETE /containers/abc'));
});

test.each([404, 409])('a container that %i says is gone or going is removed', async (status) => {
  const { client, asked } = engineAnswering(status);
  await removeContainer(client, 'abc');
  expect(asked).toHaveLength(1);
});

test('another refusal is told at once', async () => {
  const { client, asked } = engineAnswering(403);
  await expect(removeContainer(client, 'abc')).rejects.toThrow('answered 403');
  expect(asked).toHaveLength(1);
});
