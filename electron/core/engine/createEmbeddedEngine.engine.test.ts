import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEmbeddedEngine, embeddedHost, installCommand } from './createEmbeddedEngine.ts';

describe('the embedded engine', () => {
  it('says what to install on this distribution', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flotilla-os-'));
    const command = async (text: string, isRoot: boolean) => {
      writeFileSync(join(folder, 'os-release'), text);
      return (await installCommand(join(folder, 'os-release'), isRoot)).installCommand;
    };
    expect(await command('ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n', true)).toBe(
      'apt-get install -y docker.io',
    );
    expect(await command('ID=pop\nID_LIKE="ubuntu debian"\n', false)).toBe('sudo apt-get install -y podman');
    expect(await command('ID=fedora\n', true)).toBe('dnf install -y moby-engine');
    expect(await command('ID="rocky"\nID_LIKE="rhel centos fedora"\n', false)).toBe(
      'sudo dnf install -y podman',
    );
    expect(await command('ID=arch\n', false)).toBe('sudo pacman -S --noconfirm podman');
    expect(await command('ID=nonesuch\n', true)).toMatch(/with your package manager/);
    rmSync(folder, { recursive: true });
  });

  it('is missing where neither program is, and not for other systems', async () => {
    const places = { dataFolder: '/nonexistent/flotilla', env: { PATH: '' } };
    expect(await createEmbeddedEngine(places, 'darwin').status()).toMatchObject({ state: 'unsupported' });
  });

  it('fits a long data folder into a socket’s address', () => {
    expect(embeddedHost({ dataFolder: '/home/me/.local/share/flotilla', env: {} })).toBe(
      'unix:///home/me/.local/share/flotilla/engine/engine.sock',
    );
    expect(
      embeddedHost({ dataFolder: `/${'x'.repeat(200)}`, env: { XDG_RUNTIME_DIR: '/run/user/1000' } }),
    ).toMatch(/^unix:\/\/\/run\/user\/1000\/flotilla-[0-9a-f]{12}\/engine\.sock$/);
  });

  it('reports a program that does not come up, with its last words, and leaves no process', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flotilla-embedded-'));
    const name = process.getuid?.() === 0 ? 'dockerd' : 'podman';
    writeFileSync(join(folder, name), '#!/bin/sh\necho "failed to load: no kernel module" >&2\nexit 3\n', {
      mode: 0o755,
    });
    const engine = createEmbeddedEngine({
      dataFolder: join(folder, 'data'),
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    });
    try {
      const status = await engine.start();
      expect(status).toMatchObject({
        state: 'failed',
        reason: {
          code: 'engine-unavailable',
          message: expect.stringContaining('Its last words: failed to load: no kernel module') as string,
        },
      });
      expect(existsSync(join(folder, 'data/engine/engine.pid'))).toBe(false);
      expect(await engine.stop()).toMatchObject({ state: 'stopped' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
