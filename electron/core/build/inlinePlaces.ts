import type { BuildFailure, BuildStep } from '#shared/domain/Build.ts';
import type { InlineDockerfile } from '#shared/domain/ServiceModel.ts';

/** Tells lines of a Dockerfile's text as lines of the compose file that has it. */
export interface InlinePlaces {
  /** Steps whose line cannot be told are without. */
  steps(steps: BuildStep[]): BuildStep[];
  /** One whose line cannot be told is at the key. */
  warning<Warning extends { line?: number | undefined }>(warning: Warning): Warning;
  /** One whose line cannot be told is at the key, and its hint says which line of the text it is. */
  failure(failure: BuildFailure): BuildFailure;
}

/** Engines say it in their words: `dockerfile parse error on line 3: …`. */
const PARSE_ERROR = /(parse error (?:on )?line )(\d+)/i;

/** The places of a Dockerfile that stands in a compose file. */
export function inlinePlaces({ text, file, line: keyLine, firstLine }: InlineDockerfile): InlinePlaces {
  const placed = (line: number): number | undefined =>
    firstLine === undefined ? undefined : firstLine + line - 1;
  // After its last line comes what the compose file goes on with.
  const lineCount = text.trimEnd().split('\n').length;
  return {
    steps: (steps) =>
      steps.map((step) => (step.line === undefined ? step : { ...step, line: placed(step.line) })),
    warning: (warning) =>
      warning.line === undefined ? warning : { ...warning, line: placed(warning.line) ?? keyLine },
    failure(failure) {
      const { line, excerpt, hint } = failure;
      // What has neither is not of the text: an engine that went away, a context that is not there.
      if (failure.file === undefined ? line === undefined : failure.file !== file) return failure;
      const message = failure.message.replace(PARSE_ERROR, (said, words: string, number: string) => {
        const there = placed(Number(number));
        return there === undefined ? said : `${words}${there}`;
      });
      if (line === undefined) return { ...failure, message, file, line: keyLine };
      const there = placed(line);
      if (there !== undefined)
        return {
          ...failure,
          message,
          file,
          line: there,
          ...(excerpt === undefined
            ? {}
            : {
                excerpt: excerpt
                  .filter((row) => row.line <= lineCount)
                  .map((row) => ({ ...row, line: placed(row.line) ?? keyLine })),
              }),
        };
      const { excerpt: _, ...rest } = failure;
      const written = (text.split('\n')[line - 1] ?? '').trim().slice(0, 160);
      const where = `It is line ${line} of the text${written === '' ? '' : `: \`${written}\``}.`;
      return {
        ...rest,
        message,
        file,
        line: keyLine,
        hint: hint === undefined ? where : `${where} ${hint}`,
      };
    },
  };
}
