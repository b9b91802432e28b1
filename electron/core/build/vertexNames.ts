import type { PlannedVertex } from './planVertexes.ts';

/** Asking a registry for a base image, before it is fetched: a part of its FROM. */
const LOAD_METADATA = /^\[internal\] load metadata for (\S+)/;

/** `[linux/amd64 build 2/5] RUN make` as stage, place and places. */
export function stageOf(
  name: string,
): { stage: string | undefined; place: number; places: number } | undefined {
  const found = /^\[(?:\S+\/\S+ )?(?:(\S+) +)?(\d+)\/(\d+)\] /.exec(name);
  if (found === null) return undefined;
  return { stage: found[1], place: Number(found[2]), places: Number(found[3]) };
}

export function instructionOf(name: string): string {
  return name.replace(/^\[(?:\S+\/\S+ )?(?:\S+ +)?\d+\/\d+\] /, '').replaceAll(/\s+/g, ' ');
}

/** A vertex's name has its build arguments filled in; of a base image it has only the full name, not the stage's. */
export function shownInstruction(planned: PlannedVertex | undefined, name: string): string {
  const told = instructionOf(name);
  const image = (LOAD_METADATA.exec(name) ?? /^FROM (?:--\S+ )*(\S+)/.exec(told))?.[1];
  return planned !== undefined && image !== undefined && planned.deed === plainWork(`FROM ${image}`)
    ? planned.text
    : told;
}

/**
 * Index of the planned step a vertex is, or -1. A vertex that several builds share bears the name that the first of them
 * gave it, with that one's stage and place: then it is known by what it does.
 * @param isTaken whether a step has its vertex already
 */
export function matchVertex(
  plan: readonly PlannedVertex[],
  name: string,
  isTaken: (index: number) => boolean,
): number {
  const at = stageOf(name);
  if (at === undefined) {
    const image = LOAD_METADATA.exec(name)?.[1];
    return image === undefined ? -1 : plan.findIndex(({ deed }) => deed === plainWork(`FROM ${image}`));
  }
  const work = plainWork(instructionOf(name));
  const keyword = work.split(' ', 1)[0]?.toUpperCase();
  const isInPlace = (planned: PlannedVertex): boolean => {
    if ((planned.stage ?? '').toLowerCase() !== (at.stage ?? '').toLowerCase()) return false;
    // Steps that the base image brings (ONBUILD) come after FROM and before those of the file.
    const extra = at.places - planned.places;
    const place = planned.keyword === 'FROM' ? planned.place : planned.place + extra;
    return extra >= 0 && place === at.place && planned.keyword === keyword;
  };
  const doesIt = (planned: PlannedVertex): boolean => planned.deed === work;
  const ways: ((planned: PlannedVertex, index: number) => boolean)[] = [
    (planned) => isInPlace(planned) && doesIt(planned),
    (planned, index) => planned.place === at.place && doesIt(planned) && !isTaken(index),
    (planned, index) => doesIt(planned) && !isTaken(index),
    // Its text has build arguments filled in.
    isInPlace,
  ];
  for (const way of ways) {
    const found = plan.findIndex(way);
    if (found !== -1) return found;
  }
  return -1;
}

/** `FROM docker.io/library/tools:latest`, a vertex without a place: the line that copies from that image. */
export function lineOfSource(plan: readonly PlannedVertex[], name: string): number | undefined {
  const image = /^FROM (\S+)/.exec(name)?.[1];
  if (image === undefined) return undefined;
  return plan.find((planned) => planned.keyword !== 'FROM' && namesImage(planned.text, image))?.line;
}

/** Whether an instruction names an image that BuildKit tells by its full reference. */
export function namesImage(text: string, full: string): boolean {
  const bare = shortReference(full);
  return text.split(/[\s,=]+/).some((word) => shortReference(word) === bare);
}

function shortReference(reference: string): string {
  return reference
    .replace(/@sha256:[0-9a-f]+$/, '')
    .replace(/^docker\.io\//, '')
    .replace(/^library\//, '')
    .replace(/:latest$/, '');
}

/** An instruction by which two that do the same are known; engines write image names in full. */
export function plainWork(instruction: string): string {
  const words = instruction.trim().split(/\s+/);
  if (words[0]?.toUpperCase() !== 'FROM') return words.join(' ');
  return `FROM ${shortReference(words.find((word, index) => index > 0 && !word.startsWith('--')) ?? '')}`;
}
