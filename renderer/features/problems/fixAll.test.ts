import { describe, expect, it } from 'vitest';
import type { Client } from '#shared/contract/Client.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { Diagnostic } from '#shared/domain/Diagnostic.ts';
import { fixAll } from './fixAll.ts';

const finding = (id: string, fixes: string[] = ['first', 'second']): Diagnostic => ({
  id,
  code: id,
  severity: 'error',
  file: 'compose.yaml',
  message: id,
  explanation: '',
  fixes: fixes.map((fix) => ({ id: fix, title: fix, edits: [], expect: {} })),
});
const view = (...diagnostics: Diagnostic[]) => ({ id: 'a', diagnostics }) as AppView;

describe('fixAll', () => {
  it('goes by what the project says after each fix', async () => {
    const asked: string[] = [];
    // Fixing a removes b as well and brings c to light.
    const after: Record<string, AppView> = {
      a: view(finding('c'), finding('none', [])),
      c: view(finding('none', [])),
    };
    const client = {
      call: (_name: string, input: { diagnosticId: string; fixId: string }) => {
        asked.push(`${input.diagnosticId}:${input.fixId}`);
        return Promise.resolve(after[input.diagnosticId]);
      },
    } as unknown as Client;
    expect(await fixAll(client, view(finding('a'), finding('b')))).toBe(2);
    expect(asked).toEqual(['a:first', 'c:first']);
  });

  it('tries a finding that stays once only, and passes a refusal on', async () => {
    let calls = 0;
    const stubborn = {
      call: () => {
        calls += 1;
        return Promise.resolve(view(finding('a')));
      },
    } as unknown as Client;
    expect(await fixAll(stubborn, view(finding('a')))).toBe(1);
    expect(calls).toBe(1);
    const refusing = {
      call: () => Promise.reject(new FlotillaError('file-changed', 'changed')),
    } as unknown as Client;
    await expect(fixAll(refusing, view(finding('a')))).rejects.toThrow('changed');
  });
});
