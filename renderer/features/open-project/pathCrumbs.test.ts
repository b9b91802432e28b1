import { describe, expect, it } from 'vitest';
import { baseName, pathCrumbs } from './pathCrumbs.ts';

describe('crumbs of a path', () => {
  it.each([
    ['/', ['/']],
    ['/home/me/a b', ['/', '/home', '/home/me', '/home/me/a b']],
    ['/home/back\\slash/', ['/', '/home', '/home/back\\slash']],
    ['C:\\', ['C:\\']],
    ['C:\\Users\\me', ['C:\\', 'C:\\Users', 'C:\\Users\\me']],
  ])('%s', (path, paths) => {
    expect(pathCrumbs(path).map((crumb) => crumb.path)).toEqual(paths);
  });

  it('gives the last name', () => {
    expect(baseName('/home/me/solver')).toBe('solver');
    expect(baseName('D:\\work\\solver')).toBe('solver');
  });
});
