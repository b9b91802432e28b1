import type { ProgramKind } from '../domain/Generate.ts';
import type { DetectedProgram } from './Program.ts';

export const KIND_LABELS: Record<ProgramKind, string> = {
  python: 'Python',
  c: 'C',
  cpp: 'C++',
  fortran: 'Fortran',
  julia: 'Julia',
  r: 'R',
  rust: 'Rust',
  go: 'Go',
  node: 'Node.js',
  java: 'Java',
};

const TOOLS: Record<ProgramKind, string> = {
  python: 'none',
  c: 'compiler',
  cpp: 'compiler',
  fortran: 'compiler',
  julia: 'none',
  r: 'none',
  rust: 'cargo',
  go: 'none',
  node: 'none',
  java: 'javac',
};

/** What the program is usually called where nothing tells. */
export const USUAL_ENTRIES: Record<ProgramKind, string> = {
  python: 'main.py',
  c: 'main.c',
  cpp: 'main.cpp',
  fortran: 'main.f90',
  julia: 'main.jl',
  r: 'main.R',
  rust: 'app',
  go: '.',
  node: 'index.js',
  java: 'Main',
};

/** A language that a person chose where the folder does not show it. */
export function handChosen(kind: ProgramKind): DetectedProgram {
  return {
    finding: {
      kind,
      tool: TOOLS[kind],
      uses: [],
      evidence: [],
      reason: `${KIND_LABELS[kind]}, chosen by hand; nothing in the folder shows it.`,
      confidence: 0,
    },
    entries: [],
    facts: {
      cpp: kind === 'cpp' ? 'yes' : undefined,
      fortran: kind === 'fortran' ? 'yes' : undefined,
    },
  };
}
