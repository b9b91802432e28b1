import { describe, expect, it } from 'vitest';
import { resolveAsset } from './resolveAsset.ts';

describe('resolveAsset', () => {
  it('finds what lies under the root', () => {
    expect(resolveAsset('/srv/app', '/')).toEqual({
      path: '/srv/app/index.html',
      contentType: 'text/html; charset=utf-8',
    });
    expect(resolveAsset('/srv/app/', '/assets/a%20b.js')?.path).toBe('/srv/app/assets/a b.js');
  });

  it.each([
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/%252e%252e/secret.js',
    '/assets/..%2f..%2fsecret.js',
    '/..\\secret.js',
    '/a%00.js',
    '/.env.js',
    '/assets/.git/config.json',
    '/file.exe',
    '/noextension',
    '/%zz.js',
    'index.html',
  ])('refuses %s', (path) => {
    expect(resolveAsset('/srv/app', path)).toBeNull();
  });

  it('does not take a sibling folder whose name begins like the root for the root', () => {
    expect(resolveAsset('/srv/app', '/../app-secrets/x.js')).toBeNull();
  });
});
