import type { PlanNote } from './ChangePlan.ts';
import { numberRanges } from './groupPlan.ts';
import { listWords } from './listWords.ts';

/** The texts of notes; replicas that ended in the same way, and services that wait for the same, share one. */
export function foldNotes(notes: readonly PlanNote[]): string[] {
  const alike = new Map<string, PlanNote[]>();
  for (const note of notes) {
    const of = isOfService(note) ? '' : note.service;
    const key = canFold(note) ? `${note.kind} ${of ?? ''}${fateOf(note)}` : note.text;
    const own = alike.get(key);
    if (own === undefined) alike.set(key, [note]);
    else own.push(note);
  }
  return [...alike.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    if (own.length === 1) return [first.text];
    if (isOfService(first))
      return [`${listWords(own.map(({ subject }) => subject))}${fateOf(first).replace(/^ waits/, ' wait')}`];
    const { service = '' } = first;
    const numbers = own.map(({ subject }) => Number(subject.slice(service.length + 1)));
    return [`${service}-${numberRanges(numbers)}${fateOf(first)}`];
  });
}

/** What to do about notes, each thing once. */
export const hintsOf = (notes: readonly PlanNote[]): string[] => [
  ...new Set(notes.flatMap(({ hint }) => hint ?? [])),
];

const canFold = (note: PlanNote): boolean =>
  note.kind === 'done' || note.kind === 'failed' || isOfService(note);

const isOfService = ({ subject, service }: PlanNote): boolean => service === subject;

const fateOf = ({ text, subject }: PlanNote): string => text.slice(subject.length);
