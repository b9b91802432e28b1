import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from './lab/WebShell.ts';

/** [file, import it must not make, import it may make] */
const rules = [
  ['shared/domain/probe.ts', '#core/Core.ts', '#shared/domain/Role.ts'],
  ['shared/domain/probe.ts', 'node:fs', 'zod'],
  ['shared/domain/probe.ts', '../../renderer/ui/Button.tsx', './Role.ts'],
  ['shared/domain/probe.ts', 'electron', 'yaml'],
  ['renderer/app/probe.ts', '#core/Core.ts', '#shared/domain/Role.ts'],
  ['renderer/app/probe.ts', '../../electron/ipc/Router.ts', '../ui/Button.tsx'],
  ['renderer/app/probe.ts', 'node:path', 'react'],
  ['renderer/app/probe.ts', 'electron', 'zustand'],
  ['electron/core/apps/probe.ts', 'electron', 'dockerode'],
  ['electron/core/apps/probe.ts', '#ipc/Router.ts', '#shared/domain/Role.ts'],
  ['electron/core/apps/probe.ts', '../../web/startWebShell.ts', 'node:fs'],
  ['electron/ipc/probe.ts', 'electron', '#core/Core.ts'],
  ['electron/ipc/probe.ts', '../desktop/window.ts', './Router.ts'],
  ['electron/web/probe.ts', 'electron', 'ws'],
  ['electron/web/probe.ts', '../desktop/window.ts', '#ipc/Router.ts'],
  ['electron/cli/probe.ts', 'electron', '#core/Core.ts'],
  ['electron/desktop/probe.ts', '../web/startWebShell.ts', 'electron'],
] as const;

describe('import layers', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flotilla-layers-'));
    copyFileSync(join(projectRoot, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Lints a file of each rule that imports something, and answers the files whose import is refused. */
  const lint = (
    importsOf: (rule: (typeof rules)[number]) => string,
  ): { status: number | null; refused: string[] } => {
    const files = rules.map((rule, at) => [rule[0].replace('probe', `probe${at}`), importsOf(rule)] as const);
    for (const [file, imported] of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(
        join(folder, file),
        `import * as probe from '${imported}';\nexport const probed = probe;\n`,
      );
    }
    const { status, stdout } = spawnSync(
      join(projectRoot, 'node_modules/.bin/oxlint'),
      ['--format=json', ...files.map(([file]) => file)],
      { cwd: folder, encoding: 'utf8' },
    );
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
    const told = diagnostics.filter(({ code }) => code.includes('no-restricted-imports'));
    return {
      status,
      refused: files.map(([file]) => file).filter((file) => told.some(({ filename }) => filename === file)),
    };
  };
  it('hold: each of these imports is refused in its file', () => {
    const { status, refused } = lint(([, forbidden]) => forbidden);
    expect(status).not.toBe(0);
    expect(refused).toEqual(rules.map(([file], at) => file.replace('probe', `probe${at}`)));
  });

  it('refuse no more than that', () => {
    expect(lint(([, , allowed]) => allowed).refused).toEqual([]);
  });
});
