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

  const lint = (file: string, imported: string) => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `import * as probe from '${imported}';\nexport const probed = probe;\n`);
    const outcome = spawnSync(join(projectRoot, 'node_modules/.bin/oxlint'), [file], {
      cwd: folder,
      encoding: 'utf8',
    });
    rmSync(path);
    return { status: outcome.status, output: outcome.stdout };
  };

  it.each(rules)('%s may not import %s', (file, forbidden, allowed) => {
    const refused = lint(file, forbidden);
    expect(refused.output).toContain('no-restricted-imports');
    expect(refused.status).not.toBe(0);
    expect(lint(file, allowed).output).not.toContain('no-restricted-imports');
  });
});
