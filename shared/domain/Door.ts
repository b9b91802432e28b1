/** What the container of a main with a control door is told of it, as environment variables. */
export const CONTROL_URL = 'FLOTILLA_CONTROL_URL';
export const CONTROL_TOKEN = 'FLOTILLA_CONTROL_TOKEN';

/** What the control door of an app's main tells: each decision, and what became of the door itself. */
export type DoorNews =
  /** main asked for a number of replicas, and got it. */
  | { kind: 'scale'; at: number; service: string; from: number; wanted: number }
  /** A request was refused. `count`: how often in a row. */
  | { kind: 'refused'; at: number; reason: string; count: number }
  | { kind: 'opened'; at: number; reason: string }
  | { kind: 'closed'; at: number; reason: string }
  /** What was granted, or the door itself, failed. */
  | { kind: 'problem'; at: number; reason: string };

/** The control door, as the window shows it. */
export interface DoorView {
  isOpen: boolean;
  /** Of each worker service that may be scaled through it. */
  ranges: { service: string; min: number; max: number }[];
  /** The newest first. */
  news: DoorNews[];
}

/** What the door tells, in one line without time. */
export function doorWords(news: DoorNews): string {
  switch (news.kind) {
    case 'scale':
      return `main asked for ${news.wanted}: ${news.service} ${news.from} → ${news.wanted}`;
    case 'refused':
      return `refused${news.count === 1 ? '' : `, ${news.count} times`}: ${news.reason}`;
    case 'opened':
      return `open: ${news.reason}`;
    case 'closed':
      return `closed: ${news.reason}`;
    case 'problem':
      return news.reason;
  }
}
