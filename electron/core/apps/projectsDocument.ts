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
});
const documentSchema = z.object({ projects: z.array(projectSchema) });

export type ProjectRecord = z.infer<typeof projectSchema>;
export type ProjectsDocument = Document<z.infer<typeof documentSchema>>;

const KEPT_RECENTS = 100;

/** What Flotilla remembers of the projects it has opened. */
export function projectsDocument(store: Store): ProjectsDocument {
  return store.document('projects', documentSchema, { projects: [] });
}

/** Removes one record, if it is there. */
export async function forgetProject(document: ProjectsDocument, id: string): Promise<void> {
  await document.update(({ projects }) => ({ projects: projects.filter((project) => project.id !== id) }));
}

/** Replaces (or adds) one record; the oldest closed ones are forgotten. */
export async function rememberProject(document: ProjectsDocument, record: ProjectRecord): Promise<void> {
  await document.update(({ projects }) => {
    const others = projects.filter((project) => project.id !== record.id);
    const all = [record, ...others].sort((a, b) => b.openedAt - a.openedAt);
    const open = all.filter((project) => project.open);
    const closed = all.filter((project) => !project.open).slice(0, KEPT_RECENTS);
    return { projects: [...open, ...closed] };
  });
}
