import type { TextEdit } from '../domain/Diagnostic.ts';
import type { Findings, FixDraft } from './Findings.ts';
import { readEnvFile } from './readEnvFile.ts';

const FILE = '.env';
const NAME = 'COMPOSE_PROFILES';

/**
 * The fix that switches a profile on: in the project's `.env`, beside those that are on there; the file is created if there is none. None where
 * that is written in a way that an edit would not be sure to meet.
 */
export function switchProfileOn(profile: string, findings: Findings): FixDraft[] {
  const text = findings.source(FILE)?.text ?? '';
  const edit = editOf(text, profile);
  const after = text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
  const valueIn = (of: string): string => readEnvFile(of, () => undefined).variables.get(NAME) ?? '';
  const before = valueIn(text);
  if (valueIn(after) !== (before.trim() === '' ? profile : `${before},${profile}`)) return [];
  return [{ id: `profile-${profile}`, title: `Switch the profile ${profile} on`, edits: [edit] }];
}

function editOf(text: string, profile: string): TextEdit {
  // The last one counts.
  const last = [...text.matchAll(/^[ \t]*(?:export[ \t]+)?COMPOSE_PROFILES[ \t]*=[ \t]*/gm)].at(-1);
  if (last === undefined) {
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    return { file: FILE, start: text.length, end: text.length, newText: `${gap}${NAME}=${profile}\n` };
  }
  const start = last.index + last[0].length;
  const value =
    /^(?:"[^"\n]*|'[^'\n]*|[^\s#][^\n#]*?(?=\s*(?:#|$)))/m.exec(
      text.slice(start).split('\n')[0] ?? '',
    )?.[0] ?? '';
  const isEmpty = value.replace(/^["']/, '').trim() === '';
  const end = start + value.length;
  return { file: FILE, start: end, end, newText: isEmpty ? profile : `,${profile}` };
}
