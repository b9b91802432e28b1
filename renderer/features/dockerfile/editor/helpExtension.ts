import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  snippetCompletion,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import { type CompletionItem, completeDockerfile } from '#shared/dockerfile/help/completeDockerfile.ts';
import { hoverDockerfile } from '#shared/dockerfile/help/hoverDockerfile.ts';
import { instructionDocs } from '#shared/dockerfile/help/instructionDocs.ts';
import { docCard } from './docCard.ts';
import type { EditorHelp } from './EditorHelp.ts';

const TYPES: Record<CompletionItem['kind'], string> = {
  instruction: 'keyword',
  flag: 'property',
  value: 'constant',
  stage: 'class',
  image: 'namespace',
  variable: 'variable',
  file: 'text',
  snippet: 'function',
};

/** Whole steps come after the words they begin with, files before the flags that few need. */
const BOOSTS: Partial<Record<CompletionItem['kind'], number>> = { snippet: -50, flag: -20 };

/** Completion, and the words about an instruction under the mouse. */
export function helpExtension(help: EditorHelp): Extension {
  if (help.kind !== 'dockerfile') return [];
  return [
    autocompletion({
      override: [(context) => complete(help, context)],
      icons: false,
      maxRenderedOptions: 100,
    }),
    hoverTooltip((view, at) => {
      const found = hoverDockerfile(view.state.doc.toString(), at);
      if (found === null) return null;
      return { pos: found.start, end: found.end, above: true, create: () => ({ dom: docCard(found.doc) }) };
    }),
  ];
}

function complete(help: EditorHelp, { state, pos, explicit }: CompletionContext): CompletionResult | null {
  const found = completeDockerfile(state.doc.toString(), pos, help.facts());
  // Unasked only where something was begun: an empty line must stay quiet.
  if (
    found === null ||
    (!explicit && found.from === pos && !/[=$/]$/.test(state.sliceDoc(found.from - 1, pos)))
  )
    return null;
  return { from: found.from, options: found.items.map(optionOf), validFor: /^[\w./:-]*$/ };
}

function optionOf({ label, kind, detail, insert, isTemplate }: CompletionItem): Completion {
  const docs = kind === 'instruction' ? instructionDocs(label) : undefined;
  const option: Completion = {
    label,
    type: TYPES[kind],
    ...(detail === undefined ? {} : { detail }),
    ...(docs === undefined ? {} : { info: () => docCard(docs) }),
    boost: BOOSTS[kind] ?? 0,
  };
  if (isTemplate === true && insert !== undefined) return snippetCompletion(insert, option);
  return insert === undefined ? option : { ...option, apply: insert };
}
