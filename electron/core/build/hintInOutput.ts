type Cause = [pattern: RegExp, hint: (found: RegExpExecArray) => string];

const NO_NETWORK =
  /temporary failure (?:in name resolution|resolving)|could not resolve host|name or service not known|getaddrinfo|bad address '([^']+)'|network is unreachable|failed to establish a new connection|connection timed out|no route to host|unable to resolve host/i;
/** What package managers say last when they know no such package: also when they could not fetch what there is. */
const UNKNOWN_PACKAGE =
  /unable to locate package|has no installation candidate|no matching distribution found|could not find a version that satisfies|packages? not available|unsatisfiable constraints|no package .* available/i;
const NETWORK_HINT =
  'The step could not reach the network: check the connection, a proxy (build arguments HTTP_PROXY, HTTPS_PROXY), and `network: none` in the build section.';

/** What commands print when they fail for one of the usual reasons, and what to do; looked for from the last line up. */
const CAUSES: Cause[] = [
  [
    /^error running container: (?:from \S+ )?(?:creating container for \[.*?\]: )?(.+)/,
    ([, reason]) =>
      `The engine could not start the step at all: ${reason ?? ''}. Its runtime does not suit this machine.`,
  ],
  [
    /no space left on device/i,
    () => 'The engine’s disk is full: remove images and build caches that are no longer needed.',
  ],
  [NO_NETWORK, () => NETWORK_HINT],
  [
    /unable to locate package (\S+)|package '?([\w.+-]+)'? has no installation candidate/i,
    ([, first, second]) =>
      `apt knows no package \`${first ?? second ?? ''}\`: run \`apt-get update\` in the same RUN, and check the name for this release of the base image.`,
  ],
  [
    /no matching distribution found for (\S+)|could not find a version that satisfies the requirement (\S+)/i,
    ([, first, second]) =>
      `pip finds no \`${first ?? second ?? ''}\` for this Python: check name and version, and whether the base image’s Python is one it supports.`,
  ],
  [
    /^\s*E404|404 not found.*(?:npm|registry)|npm (?:err!|error) 404/i,
    () => 'npm finds no such package: check its name and version.',
  ],
  [
    /^\s*(?:fatal )?error: ([\w./+-]+\.h(?:pp)?): no such file|fatal error: ([\w./+-]+\.h(?:pp)?): no such file/i,
    ([, first, second]) =>
      `The header \`${first ?? second ?? ''}\` is not in the image: install the development package that holds it (with apt, \`…-dev\`).`,
  ],
  [
    /modulenotfounderror: no module named '([^']+)'/i,
    ([, name]) => `The Python module \`${name ?? ''}\` is not in the image: install it in an earlier step.`,
  ],
  [
    /(?:^|[\s/])([\w.+-]+): (?:command )?not found\s*$/i,
    ([, name]) =>
      `The program \`${name ?? ''}\` is not in the image at that step: install it before, or correct its name.`,
  ],
  [
    /permission denied|operation not permitted|are you root\?/i,
    () =>
      'The step may not do this as its user: check the mode of the file, and whether a `USER` line stands too early.',
  ],
  [
    /cannot allocate memory|out of memory|std::bad_alloc|virtual memory exhausted|^killed$/i,
    () => 'Memory ran out: build with fewer jobs at once (e.g. `make -j2`), or give the engine more.',
  ],
];

/** The likely cause of a failure by what the step printed last; undefined when nothing there is known. */
export function hintInOutput(lines: readonly string[]): string | undefined {
  for (const line of lines.toReversed())
    for (const [pattern, hint] of CAUSES) {
      const found = pattern.exec(line);
      if (found === null) continue;
      return UNKNOWN_PACKAGE.test(line) && lines.some((other) => NO_NETWORK.test(other))
        ? NETWORK_HINT
        : hint(found);
    }
  return undefined;
}
