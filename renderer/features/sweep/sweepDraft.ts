import { create } from 'zustand';

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

/** What is typed stays while another panel is looked at. */
const useDrafts = create<Record<string, SweepDraft>>(() => ({}));

export const useSweepDraft = (appId: string): SweepDraft =>
  useDrafts((drafts) => drafts[appId] ?? EMPTY_DRAFT);

export const changeDraft = (appId: string, change: Partial<SweepDraft>): void =>
  useDrafts.setState((drafts) => ({ [appId]: { ...(drafts[appId] ?? EMPTY_DRAFT), ...change } }));
