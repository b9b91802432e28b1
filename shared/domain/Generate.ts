/** Languages and kinds of programs that Dockerfiles are generated for. */
export const PROGRAM_KINDS = [
  'python',
  'c',
  'cpp',
  'fortran',
  'julia',
  'r',
  'rust',
  'go',
  'node',
  'java',
] as const;
export type ProgramKind = (typeof PROGRAM_KINDS)[number];

/** Something found in a folder that tells what it holds, e.g. `requirements.txt: Python with pip`. */
export interface Finding {
  kind: ProgramKind;
  /** How it is built or installed: pip, pyproject, conda, make, cmake, meson, compiler, cargo, … */
  tool: string;
  /** What else it uses. */
  uses: ('mpi' | 'openmp' | 'cuda')[];
  /** Files that told, inside the project. */
  evidence: string[];
  /** One sentence for people. */
  reason: string;
  /** 0…1: how sure; the surest is chosen. */
  confidence: number;
}

/** A decision of the generator that can be taken otherwise; what it does is said in one sentence. */
export interface GenerateChoice {
  id: string;
  label: string;
  value: string;
  /** What may be chosen; empty: free text. */
  options: { value: string; label: string }[];
  /** The options are suggestions: any other text may be given, too. */
  free?: boolean | undefined;
  explanation: string;
  /** What speaks against the value, which is taken all the same, e.g. that there is no such file yet. */
  warning?: string | undefined;
}

export interface GeneratedFile {
  /** Inside the project, with `/`. */
  path: string;
  text: string;
  /** What stands there now; undefined: nothing. It is never overwritten without being shown. */
  present?: string | undefined;
  /** Why the lines are as they are; 1-based first and last line of `text`. */
  notes: { from: number; to: number; text: string }[];
}

export interface GenerateProposal {
  findings: Finding[];
  /** Index in `findings` of the one the files are for; undefined: nothing was recognised. */
  chosen: number | undefined;
  choices: GenerateChoice[];
  files: GeneratedFile[];
  /** What the person must know or do, e.g. that the base image has to be pulled. */
  remarks: string[];
}
