import { describe, expect, it } from 'vitest';
import { formatReference, parseReference, referenceProblem } from './parseReference.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('image references', () => {
  it.each([
    ['busybox', 'docker.io', 'library/busybox', 'busybox:latest'],
    ['busybox:1', 'docker.io', 'library/busybox', 'busybox:1'],
    ['docker.io/library/busybox:1', 'docker.io', 'library/busybox', 'busybox:1'],
    ['index.docker.io/ada/solver', 'docker.io', 'ada/solver', 'ada/solver:latest'],
    ['localhost/x', 'localhost', 'x', 'localhost/x:latest'],
    ['localhost:5000/x', 'localhost:5000', 'x', 'localhost:5000/x:latest'],
    ['localhost:5000/x:5000', 'localhost:5000', 'x', 'localhost:5000/x:5000'],
    [
      'Registry.Lab/a/b_c/d__e-f.g:V1.0-rc_1',
      'Registry.Lab',
      'a/b_c/d__e-f.g',
      'Registry.Lab/a/b_c/d__e-f.g:V1.0-rc_1',
    ],
    ['localhost:5000', 'docker.io', 'library/localhost', 'localhost:5000'],
    ['[::1]:5000/x', '[::1]:5000', 'x', '[::1]:5000/x:latest'],
    [`r.lab/x@${DIGEST}`, 'r.lab', 'x', `r.lab/x@${DIGEST}`],
    [`x:1@${DIGEST}`, 'docker.io', 'library/x', `x:1@${DIGEST}`],
    ['constructor', 'docker.io', 'library/constructor', 'constructor:latest'],
    [`x:${'t'.repeat(128)}`, 'docker.io', 'library/x', `x:${'t'.repeat(128)}`],
  ])('%s', (text, registry, repository, shown) => {
    const reference = parseReference(text);
    expect(reference).toMatchObject({ registry, repository });
    expect(formatReference(reference)).toBe(shown);
  });

  // security.md, groups 1 to 14.
  it.each([
    ['', /it is empty/],
    ['../x', /“\.\.” is no host/],
    ['a/../x', /“\.\.” cannot be part of a name/],
    ['a b', /contains a space/],
    ['n'.repeat(256), /longer than 255 characters/],
    ['-x', /“-x” must begin and end with/],
    ['.x', /“\.x” must begin/],
    ['x-', /“x-” must begin/],
    ['a...b', /single signs/],
    ['а/x', /U\+0430/],
    ['x\u202ey', /U\+202E/],
    ['x\ny', /a line break/],
    ['BB/X:y', /lower case/],
    ['x:', /nothing stands behind the colon/],
    [`x:${'t'.repeat(129)}`, /tag is longer than 128/],
    ['x:.1', /“\.1” is no tag/],
    ['x@sha256:short', /digest is not sha256/],
    [`x@sha256:${'A'.repeat(64)}`, /digest is not/],
    ['x@', /digest is not/],
    ['http://reg/x', /it is an address/],
    ['__proto__', /“__proto__” must begin/],
    ['localhost:0/x', /“0” is no port/],
    ['localhost:70000/x', /“70000” is no port/],
    ['localhost:port/x', /“port” is no port/],
    ['-a.b/x', /“-a.b” is no host/],
    ['a//b', /between two “\/” is empty/],
    ['x/', /is empty/],
    ['a?b', /contains “\?”/],
    ['a%2fb', /contains “%”/],
    ['0123456789abcdef'.repeat(4), /an image’s id/],
  ])('refuses %j', (text, reason) => {
    expect(referenceProblem(text)).toMatch(reason);
  });

  it('says no hidden sign back', () => {
    expect(referenceProblem('x\u202e\u0007y')).not.toMatch(/[\u202e\u0007]/);
  });
});
