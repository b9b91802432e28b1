import { z } from 'zod';
import type { Document, Store } from '../store/StoreApi.ts';

const projectSchema = z.object({
  id: z.string(),
  path: z.string(),
  title: z.string(),
  openedAt: z.number(),
  /** On the list of apps, not only among the recents. */
  open: z.boolean(),
  /** Replicas last asked for, by service. */
  requested: z.record(z.string(), z.number()),
  /** Ids of the dangers consented to. */
  granted: z.array(z.string()),
  /** See {@link SetOut}; absent where no start was broken off. */
  setOut: z.record(z.string(), z.number()).optional(),
});
const documentSchema = z.object({ projects: z.array(projectSchema) });

export type ProjectRecord = z.infer<typeof projectSchema>;
export type ProjectsDocument = Document<z.infer<typeof documentSchema>>;

/**
 * Containers that had ended and that a start set out to start (or to make anew) and has not come to yet, by id: when each had last been
 * started, in epoch milliseconds, 0 where it never was. Kept until a start completes: who takes up one that was broken off must not
 * take how they ended before it for how they ended in it.
 */
export type SetOut = ReadonlyMap<string, number>;

const KEPT_RECENTS = 100;

/** What Flotilla remembers of the projects it has opened. */
export function projectsDocument(store: Store): ProjectsDocument {
  return store.document('projects', documentSchema, { projects: [] });
}

/** Removes one record, if it is there. */
export async function forgetProject(document: ProjectsDocument, id: string): Promise<void> {
  await document.update(({ projects }) => ({ projects: projects.filter((project) => project.id !== id) }));
}

/** What is remembered of the start of a project that is under way, or was broken off, whichever Flotilla began it. */
export async function readSetOut(document: ProjectsDocument, id: string): Promise<SetOut> {
  const { projects } = await document.readAgain();
  return new Map(Object.entries(projects.find((project) => project.id === id)?.setOut ?? {}));
}

/** Remembers what a start sets out for before it does anything, or (empty) that it has completed. */
export async function rememberSetOut(document: ProjectsDocument, id: string, setOut: SetOut): Promise<void> {
  await document.update((value) => {
    const record = value.projects.find((project) => project.id === id);
    if (record === undefined || (setOut.size === 0 && record.setOut === undefined)) return value;
    const { setOut: _before, ...others } = record;
    const next: ProjectRecord =
      setOut.size === 0 ? others : { ...others, setOut: Object.fromEntries(setOut) };
    return { projects: value.projects.map((project) => (project === record ? next : project)) };
  });
}

/** Replaces (or adds) one record, but for what its starts remember; the oldest closed ones are forgotten. */
export async function rememberProject(document: ProjectsDocument, record: ProjectRecord): Promise<void> {
  await document.update(({ projects }) => {
    const others = projects.filter((project) => project.id !== record.id);
    const setOut = projects.find((project) => project.id === record.id)?.setOut;
    const all = [{ ...record, ...(setOut === undefined ? {} : { setOut }) }, ...others].sort(
      (a, b) => b.openedAt - a.openedAt,
    );
    const open = all.filter((project) => project.open);
    const closed = all.filter((project) => !project.open).slice(0, KEPT_RECENTS);
    return { projects: [...open, ...closed] };
  });
}
