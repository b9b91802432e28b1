import { Findings } from '../compose/Findings.ts';
import type { Diagnostic } from '../domain/Diagnostic.ts';
import type { DockerfileFacts } from './DockerfileFacts.ts';
import { lintDockerfile } from './lintDockerfile.ts';

/**
 * All that can be said of a Dockerfile as it stands in an editor, notes included, in the order of the text.
 * Its fixes carry no hashes that hold on a disk: they are for the text given.
 */
export function diagnoseDockerfile(file: string, text: string, facts: DockerfileFacts = {}): Diagnostic[] {
  const findings = new Findings({ hash: () => '' });
  lintDockerfile(file, text, findings, { ...facts, notes: true });
  return findings.list().sort((left, right) => (left.range?.start ?? 0) - (right.range?.start ?? 0));
}
