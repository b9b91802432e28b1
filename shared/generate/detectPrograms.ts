import { detectCompiled } from './detect/detectCompiled.ts';
import { detectGo } from './detect/detectGo.ts';
import { detectJava } from './detect/detectJava.ts';
import { detectJulia } from './detect/detectJulia.ts';
import { detectNode } from './detect/detectNode.ts';
import { detectPython } from './detect/detectPython.ts';
import { detectR } from './detect/detectR.ts';
import { detectRust } from './detect/detectRust.ts';
import type { FolderScan } from './FolderScan.ts';
import type { DetectedProgram } from './Program.ts';

const DETECTORS = [
  detectPython,
  detectCompiled,
  detectJulia,
  detectR,
  detectRust,
  detectGo,
  detectNode,
  detectJava,
];

/** Everything the folder may hold, the surest first. */
export function detectPrograms(scan: FolderScan): DetectedProgram[] {
  return DETECTORS.flatMap((detect) => detect(scan)).sort(
    (left, right) => right.finding.confidence - left.finding.confidence,
  );
}
