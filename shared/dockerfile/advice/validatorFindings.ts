import { type ValidatorSettings, ValidationCode, ValidationSeverity, validate } from 'dockerfile-utils';
import type { Finding } from '../../compose/Findings.ts';
import { SourceText } from '../../compose/SourceText.ts';
import { parserWithoutNode } from '../parserWithoutNode.ts';

parserWithoutNode();

/** Its checks are made for files that people write; on a generated monster they would take seconds. */
const LARGEST_VALIDATED = 256 * 1024;

/** What rules of our own say already, and better for our purpose. */
const SETTINGS: ValidatorSettings = {
  deprecatedMaintainer: ValidationSeverity.IGNORE,
  instructionWorkdirRelative: ValidationSeverity.IGNORE,
  directiveCasing: ValidationSeverity.WARNING,
  emptyContinuationLine: ValidationSeverity.WARNING,
  instructionCasing: ValidationSeverity.WARNING,
  instructionCmdMultiple: ValidationSeverity.WARNING,
  instructionEntrypointMultiple: ValidationSeverity.WARNING,
  instructionHealthcheckMultiple: ValidationSeverity.WARNING,
  instructionJSONInSingleQuotes: ValidationSeverity.WARNING,
};
const OWN = new Set<number>([
  ValidationCode.UNKNOWN_INSTRUCTION,
  ValidationCode.NO_SOURCE_IMAGE,
  ValidationCode.FLAG_INVALID_FROM_VALUE,
]);

interface Rule {
  code: string;
  severity: 'warning' | 'info';
  explanation: string;
  /** What to write in the place of what stands there. */
  rewrite?: { id: string; title: (written: string) => string; of: (text: string) => string };
}

const RULES: Partial<Record<number, Rule>> = {
  [ValidationCode.CASING_INSTRUCTION]: {
    code: 'instruction-case',
    severity: 'info',
    explanation: 'It works, but everybody writes instructions in capitals, to tell them from arguments.',
    rewrite: {
      id: 'capitals',
      title: (written) => `Write ${written}`,
      of: (text) => text.toUpperCase(),
    },
  },
  [ValidationCode.CASING_DIRECTIVE]: {
    code: 'directive-case',
    severity: 'info',
    explanation: 'It works, but is usually written in small letters.',
  },
  [ValidationCode.EMPTY_CONTINUATION_LINE]: {
    code: 'empty-continuation',
    severity: 'info',
    explanation: 'Builders take it with a warning now and will refuse it one day. Remove the empty line.',
  },
  [ValidationCode.MULTIPLE_INSTRUCTIONS]: {
    code: 'overridden-instruction',
    severity: 'warning',
    explanation:
      'What stands here has no effect. Remove it, or name a stage for each program (FROM … AS name).',
  },
  [ValidationCode.JSON_IN_SINGLE_QUOTES]: {
    code: 'single-quoted-list',
    severity: 'warning',
    explanation: 'Only double quotes make a list; with single quotes the whole line is given to a shell.',
    rewrite: {
      id: 'double-quotes',
      title: () => 'Write double quotes',
      of: (text) => text.replaceAll("'", '"'),
    },
  },
  [ValidationCode.DUPLICATE_BUILD_STAGE_NAME]: {
    code: 'duplicate-stage',
    severity: 'warning',
    explanation: 'COPY --from and target: cannot tell which one is meant. Give each stage a name of its own.',
  },
  [ValidationCode.BASE_NAME_EMPTY]: {
    code: 'empty-base',
    severity: 'warning',
    explanation: 'The variable is not known here. Declare it before the first FROM: ARG NAME=value.',
  },
};

/** What the library dockerfile-utils finds, in our words: arguments that are missing, flags and values that no builder takes. */
export function validatorFindings(text: string): Omit<Finding, 'file'>[] {
  if (text.length > LARGEST_VALIDATED) return [];
  const source = new SourceText(text);
  let found: ReturnType<typeof validate>;
  try {
    // A byte order mark would become part of the first keyword; a space in its place keeps the offsets.
    found = validate(text.replace(/^\uFEFF/, ' '), SETTINGS);
  } catch {
    // The other rules still stand.
    return [];
  }
  return found.flatMap((diagnostic): Omit<Finding, 'file'>[] => {
    const code = Number(diagnostic.code);
    if (OWN.has(code)) return [];
    const { start, end } = diagnostic.range;
    const rule: Rule = RULES[code] ?? {
      code: `invalid-${(ValidationCode[code] ?? 'instruction').toLowerCase().replaceAll('_', '-')}`,
      severity: 'warning' as const,
      explanation: 'The build stops at this line.',
    };
    const from = source.lineStart(start.line + 1) + start.character;
    const to = source.lineStart(end.line + 1) + end.character;
    const message = sentence(
      typeof diagnostic.message === 'string' ? diagnostic.message : diagnostic.message.value,
    );
    return [
      {
        code: rule.code,
        severity: rule.severity,
        start: from,
        end: to,
        message,
        explanation: rule.explanation,
        fixes: fixesOf(rule, from, to, text),
      },
    ];
  });
}

function fixesOf({ rewrite }: Rule, start: number, end: number, text: string): NonNullable<Finding['fixes']> {
  if (rewrite === undefined) return [];
  const newText = rewrite.of(text.slice(start, end));
  return [{ id: rewrite.id, title: rewrite.title(newText), edits: [{ file: '', start, end, newText }] }];
}

function sentence(message: string): string {
  const upper = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}
