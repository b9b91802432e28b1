import { BuildProblem } from '../BuildProblem.ts';

/** The build program that a Dockerfile's first line asks for could not be fetched for want of a network. */
export class FrontendUnreachable extends BuildProblem {}

const NO_NETWORK =
  /dial tcp|dial udp|no such host|i\/o timeout|connection refused|connection reset|network is unreachable|TLS handshake|deadline exceeded|server misbehaving|EOF$/i;

/** The `# syntax=` line, which must come before everything but other such comments. */
export function findSyntaxLine(text: string): { line: number; image: string } | undefined {
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const directive = /^\s*#\s*([a-z]+)\s*=\s*(\S.*?)\s*$/i.exec(line);
    if (directive === null) return undefined;
    if (directive[1]?.toLowerCase() === 'syntax') return { line: index + 1, image: directive[2] ?? '' };
  }
  return undefined;
}

/** The same text with the `# syntax=` line made an ordinary comment; lines keep their numbers. */
export function withoutSyntaxLine(text: string): string {
  const found = findSyntaxLine(text);
  if (found === undefined) return text;
  const lines = text.split('\n');
  const at = found.line - 1;
  // Directives that follow (`# escape=`) count only while no plain comment stands before them: they come first.
  const rest = lines.toSpliced(at, 1);
  const end = rest.findIndex((line) => !/^\s*#\s*[a-z]+\s*=/i.test(line));
  return rest.toSpliced(end === -1 ? rest.length : end, 0, '#').join('\n');
}

/** Whether what failed is the fetching of a build program, and by the network, not by its name. */
export function isFrontendUnreachable(vertex: { name: string; error: string }): boolean {
  return vertex.name.startsWith('resolve image config for ') && NO_NETWORK.test(vertex.error);
}
