import {
  Ban,
  Check,
  Circle,
  CircleDashed,
  CircleHelp,
  Loader,
  LoaderCircle,
  type LucideIcon,
  Pause,
  RotateCw,
  Square,
  SquareDashed,
  Trash2,
  X,
} from 'lucide-react';

/** How a phase looks: never by colour alone, every phase has its own words and sign. */
export interface PhaseLook {
  label: string;
  tone: 'idle' | 'waiting' | 'busy' | 'good' | 'ending' | 'bad' | 'plain';
  icon: LucideIcon;
  filled?: boolean;
  turning?: boolean;
}

const LOOKS: Record<string, PhaseLook> = {
  requested: { label: 'Requested', tone: 'waiting', icon: CircleDashed },
  creating: { label: 'Creating', tone: 'busy', icon: Loader, turning: true },
  starting: { label: 'Starting', tone: 'busy', icon: LoaderCircle, turning: true },
  running: { label: 'Running', tone: 'good', icon: Circle, filled: true },
  paused: { label: 'Paused', tone: 'waiting', icon: Pause },
  restarting: { label: 'Restarting', tone: 'ending', icon: RotateCw, turning: true },
  stopping: { label: 'Stopping', tone: 'ending', icon: SquareDashed },
  removing: { label: 'Removing', tone: 'ending', icon: Trash2 },
  created: { label: 'Created', tone: 'idle', icon: Circle },
  done: { label: 'Done', tone: 'plain', icon: Check },
  stopped: { label: 'Stopped', tone: 'idle', icon: Square },
  failed: { label: 'Failed', tone: 'bad', icon: X },
  dead: { label: 'Dead', tone: 'bad', icon: Ban },
};

/** Also for phases a newer engine may report: they are shown by their own name. */
export function phaseLook(phase: string): PhaseLook {
  return Object.hasOwn(LOOKS, phase) && LOOKS[phase]
    ? LOOKS[phase]
    : { label: phase === '' ? 'Unknown' : phase, tone: 'plain', icon: CircleHelp };
}
