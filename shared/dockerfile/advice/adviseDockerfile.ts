import type { Finding } from '../../compose/Findings.ts';
import type { DockerfileFacts } from '../DockerfileFacts.ts';
import type { ParsedDockerfile } from '../parseDockerfile.ts';
import type { AdviceRule } from './Advice.ts';
import { adviceStages } from './adviceStages.ts';
import { missingSource, unknownStage, unpinnedBase } from './baseImageRules.ts';
import { cacheOrder } from './cacheOrderRule.ts';
import { deprecatedMaintainer, shellForm } from './commandRules.ts';
import { addInsteadOfCopy, missingIgnoreFile } from './copyRules.ts';
import { aptPackages, pythonPackages } from './packageRules.ts';
import { changeFolder, nativeCode, portRange, relativeWorkdir } from './runRules.ts';
import { secretInImage } from './secretRules.ts';
import { noSudo, rootUser } from './userRules.ts';
import { validatorFindings } from './validatorFindings.ts';

const RULES: readonly AdviceRule[] = [
  unpinnedBase,
  unknownStage,
  missingSource,
  cacheOrder,
  aptPackages,
  pythonPackages,
  secretInImage,
  rootUser,
  noSudo,
  shellForm,
  addInsteadOfCopy,
  missingIgnoreFile,
  changeFolder,
  relativeWorkdir,
  nativeCode,
  portRange,
  deprecatedMaintainer,
];

/**
 * What is unwise in a Dockerfile of a compute app, and what a builder would refuse. Nothing of it is an error: whether to build is
 * for the user to say.
 *
 * @param file path inside the project, for places and fixes
 */
export function adviseDockerfile(
  file: string,
  text: string,
  parsed: ParsedDockerfile,
  facts: DockerfileFacts,
): Finding[] {
  const found: Finding[] = [];
  const add = (finding: Omit<Finding, 'file'>): void => {
    const fixes = (finding.fixes ?? []).map((fix) => ({
      ...fix,
      // Rules know places of this file only; an edit elsewhere names its file.
      edits: fix.edits.map((edit) => (edit.file === '' ? { ...edit, file } : edit)),
    }));
    found.push({ ...finding, file, fixes });
  };
  const input = { file, text, ...adviceStages(parsed), facts, add };
  for (const rule of RULES) rule(input);
  for (const finding of validatorFindings(text)) add(finding);
  return found;
}
