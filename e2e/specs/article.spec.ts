import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, expect, leftOvers, test } from '../lab/test.ts';
import { projectRoot } from '../lab/WebShell.ts';
import { WireClient } from '../lab/WireClient.ts';

const FIXTURE = join(projectRoot, 'e2e/fixtures/article');

test('the article’s example: every problem at its place, fixed by clicks, then built, run and scaled', async ({
  page,
  shell,
  engine,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-article-'));
  const project = join(folder, 'article');
  cpSync(FIXTURE, project, { recursive: true });
  try {
    await page.goto(shell.url);
    // The folder picker: its path field takes what was pasted.
    await page.keyboard.press('Control+o');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Path' }).fill(project);
    await dialog.getByRole('button', { name: 'Open this folder' }).click();
    await expect(page.getByRole('heading', { name: 'article' })).toBeVisible();

    // Run refuses, and says where to look.
    await page.getByRole('tab', { name: /^Problems/ }).click();
    const problems = page.getByRole('tabpanel', { name: /^Problems/ });
    for (const place of [
      'Dockerfile:4',
      'Dockerfile:10',
      'docker-compose.yml:7',
      'docker-compose.yml:13',
      'docker-compose.yml:17',
      'docker-compose.yml:19',
    ])
      await expect(problems.getByText(place).first()).toBeVisible();
    for (const words of [
      /no space after COPY/,
      /no space after “build:”/,
      /holds 2 Dockerfiles in one text/,
      /“compose” is no service/,
      /nothing uses MONGO_URL/,
      /publishes host port 8080/,
    ])
      await expect(problems.getByText(words).first()).toBeVisible();

    // One click each; the first fix of what stands on top, until nothing is left.
    const findings = problems.locator('article');
    await expect(findings).toHaveCount(11);
    for (let left = 11; left > 0; left = await findings.count()) {
      await findings.first().getByRole('button').filter({ hasNotText: /:\d+$/ }).first().click();
      await expect.poll(() => findings.count()).toBeLessThan(left);
    }
    await expect(problems.getByText(/no problems/i)).toBeVisible();
    const compose = readFileSync(join(project, 'docker-compose.yml'), 'utf8');
    expect(compose).toContain('  # the sub-processes, to be scaled\n');
    expect(compose).toContain('"8080"  # monitoring');
    expect(compose).not.toContain('MONGO_URL');
    expect(readFileSync(join(project, 'Dockerfile'), 'utf8')).toContain(
      'FROM python:3.9-slim AS processes\nWORKDIR /app\nCOPY . /app\n',
    );

    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const workers = page.getByRole('list', { name: 'Workers' });
    await expect(workers.locator('[data-worker="processes-1"]')).toHaveAttribute('data-phase', 'running', {
      timeout: 120_000,
    });
    await expect(workers.locator('[data-worker="subprocesses-1"]')).toHaveAttribute('data-phase', 'running');
    const replicas = page.getByRole('spinbutton', { name: 'subprocesses replicas' });
    await replicas.fill('3');
    await replicas.press('Enter');
    await expect(workers.locator('[data-worker^="subprocesses-"][data-phase="running"]')).toHaveCount(3, {
      timeout: 60_000,
    });

    // Each program runs in its own container, and each replica has a host port of its own.
    expect(
      docker(
        engine,
        'inspect',
        '--format',
        '{{join .Config.Cmd " "}}',
        'article-processes-1',
        'article-subprocesses-3',
      ).split('\n'),
    ).toEqual(['python processes.py', 'python subprocesses.py']);
    const ports = [1, 2, 3].map((index) => docker(engine, 'port', `article-subprocesses-${index}`, '8080'));
    expect(new Set(ports).size).toBe(3);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+$/);
    await page.getByRole('tab', { name: /^Logs/ }).click();
    await expect(page.getByRole('log').locator('[data-worker="subprocesses-3"]').first()).toBeVisible({
      timeout: 30_000,
    });

    const witness = await WireClient.connect(shell.url);
    const app = await witness.call('apps.open', { path: project });
    await witness.call('apps.down', { appId: app.id });
    witness.close();
    expect(leftOvers(engine, 'article')).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
