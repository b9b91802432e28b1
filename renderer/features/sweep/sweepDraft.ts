import { createDrafts } from '../../stores/createDrafts.ts';

/** A new sweep as it is typed; empty: as usual. */
export interface SweepDraft {
  kind: 'grid' | 'table';
  /** An axis a line. */
  grid: string;
  /** The text of a CSV file, and its name where it is one. */
  table: string;
  file: string;
  service: string;
  /** 0: as many as the engine has CPUs. */
  concurrency: number;
  retries: number;
  timeout: string;
  logColumns: string;
  fileColumns: string;
  command: string;
  name: string;
}

export const EMPTY_DRAFT: SweepDraft = {
  kind: 'grid',
  grid: '',
  table: '',
  file: '',
  service: '',
  concurrency: 0,
  retries: 0,
  timeout: '',
  logColumns: '',
  fileColumns: '',
  command: '',
  name: '',
};

export const { useDraft: useSweepDraft, changeDraft } = createDrafts(EMPTY_DRAFT);
