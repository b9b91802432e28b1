import { describe, expect, it } from 'vitest';
import { hintInOutput } from './hintInOutput.ts';

describe('the likely cause in what a step printed', () => {
  it('is the network where package managers only say that they know no such package', () => {
    expect(
      hintInOutput([
        "Err:1 http://deb.debian.org/debian bookworm InRelease\n  Temporary failure resolving 'deb.debian.org'",
        'W: Some index files failed to download. They have been ignored, or old ones used instead.',
        'E: Unable to locate package libopenmpi-dev',
      ]),
    ).toMatch(/could not reach the network/);
    expect(
      hintInOutput([
        'WARNING: Retrying (Retry(total=0)) after connection broken by NewConnectionError(Failed to establish a new connection: [Errno -3] Temporary failure in name resolution)',
        'ERROR: Could not find a version that satisfies the requirement numpy (from versions: none)',
        'ERROR: No matching distribution found for numpy',
      ]),
    ).toMatch(/could not reach the network/);
  });

  it('is the package where the network was there, and the last failure where an earlier one was got over', () => {
    expect(hintInOutput(['Hit:1 http://deb.debian.org', 'E: Unable to locate package libnone'])).toMatch(
      /apt knows no package `libnone`/,
    );
    expect(
      hintInOutput([
        'Could not resolve host: mirror-1; trying mirror-2',
        'main.c:1:10: fatal error: mpi.h: No such file or directory',
      ]),
    ).toMatch(/header `mpi.h`/);
  });
});
