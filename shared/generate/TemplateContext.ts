import type { Choices } from './Choices.ts';
import type { FileDraft } from './FileDraft.ts';
import type { FolderScan } from './FolderScan.ts';
import type { DetectedProgram, EntryPoint } from './Program.ts';

/** An image the Dockerfile must make: the whole of it, or the stage a service names. */
export interface Target {
  /** Name of the stage; undefined: the last one, without a name of its own. */
  stage: string | undefined;
  entry: EntryPoint;
}

/** What a template has at hand. */
export interface TemplateContext {
  readonly scan: FolderScan;
  readonly program: DetectedProgram;
  readonly choices: Choices;
  readonly draft: FileDraft;
  /** At least one. */
  readonly targets: readonly Target[];
  /** Name of the image, for its labels. */
  readonly title: string;
  /** Sentences the person must know; templates add to it. */
  readonly remarks: string[];
  readonly settings: CommonSettings;
}

/** Choices that every template has. */
export interface CommonSettings {
  /** Cache mounts may be used: BuildKit builds. */
  cache: boolean;
  /** The user programs run as; undefined: root. */
  user: string | undefined;
  /** The processor the code is compiled for. */
  march: 'portable' | 'x86-64-v3' | 'native';
  /** Processes that mpirun starts; undefined: no MPI. */
  ranks: string | undefined;
}

/** Writes a Dockerfile's lines into the draft. */
export type Template = (context: TemplateContext) => TemplateResult;

export interface TemplateResult {
  /** Lines of the ignore file that this language needs besides the common ones. */
  ignore: string[];
  /** Variables that set how many threads a program starts. */
  threads: string[];
}
