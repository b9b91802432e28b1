import { parseDockerfile } from '#shared/dockerfile/parseDockerfile.ts';

const FLAGS: Record<string, RegExp> = {
  RUN: /\s--(mount|network|security|device)\b/,
  COPY: /\s--(chmod|link|parents|exclude)\b/,
  ADD: /\s--(chmod|link|checksum|keep-git-dir|exclude)\b/,
};

/**
 * What of a Dockerfile a classic builder will refuse, with its 1-based line. Podman's builder knows most of BuildKit's
 * options; texts between `<<EOF` marks it has learnt only lately.
 */
export function findBuildKitOnly(text: string, product: string): { line: number; what: string }[] {
  const found: { line: number; what: string }[] = [];
  for (const { keyword, text: written, range } of parseDockerfile(text).instructions) {
    const upper = keyword.toUpperCase();
    const flag = product === 'Podman' ? undefined : FLAGS[upper]?.exec(written)?.[1];
    if (flag !== undefined) found.push({ line: range.line, what: `\`${upper} --${flag}\`` });
    else if (FLAGS[upper] !== undefined && /<<-?["']?[A-Za-z_]\w*/.test(written.split('\n', 1)[0] ?? ''))
      found.push({ line: range.line, what: `\`${upper} <<\` (a text of several lines)` });
  }
  return found;
}
