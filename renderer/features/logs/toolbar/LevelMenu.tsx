import { ChevronDown } from 'lucide-react';
import { LOG_LEVELS, type LogLevel } from '#shared/domain/LogLine.ts';
import { Button } from '../../../ui/Button.tsx';
import { Popover } from '../../../ui/Popover.tsx';
import { levelsFrom } from '../query/buildLogQuery.ts';
import styles from './LevelMenu.module.css';

export const LEVEL_NAMES: Record<LogLevel, string> = {
  none: 'No level',
  trace: 'Trace',
  debug: 'Debug',
  info: 'Info',
  warn: 'Warning',
  error: 'Error',
  fatal: 'Fatal',
};

const LEAST: { label: string; levels: LogLevel[] | null }[] = [
  { label: 'All lines', levels: null },
  { label: 'Debug and above', levels: levelsFrom('debug') },
  { label: 'Info and above', levels: levelsFrom('info') },
  { label: 'Warnings and above', levels: levelsFrom('warn') },
  { label: 'Errors only', levels: levelsFrom('error') },
];

interface LevelMenuProps {
  /** Null: all. */
  levels: readonly LogLevel[] | null;
  onChange: (levels: readonly LogLevel[] | null) => void;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Which levels are shown: from one on, or any of them. */
export function LevelMenu({ levels, onChange, open, onOpenChange }: LevelMenuProps) {
  const shown = new Set(levels ?? LOG_LEVELS);
  const toggle = (level: LogLevel) => {
    const next = LOG_LEVELS.filter((candidate) => shown.has(candidate) !== (candidate === level));
    // None at all would be an empty log nobody asked for.
    onChange(next.length === LOG_LEVELS.length || next.length === 0 ? null : next);
  };
  return (
    <Popover
      label="Levels"
      open={open}
      onOpenChange={onOpenChange}
      trigger={
        <Button variant="ghost" className={styles.trigger} data-on={levels !== null || undefined}>
          {levelWords(levels)}
          <ChevronDown size={13} aria-hidden className={styles.chevron} />
        </Button>
      }
    >
      <div role="group" aria-label="From a level on" className={styles.group}>
        {LEAST.map((choice) => {
          const isChosen = sameLevels(choice.levels, levels);
          return (
            <button
              key={choice.label}
              type="button"
              className={styles.choice}
              aria-pressed={isChosen}
              onClick={() => onChange(choice.levels)}
            >
              {choice.label}
            </button>
          );
        })}
      </div>
      <div role="group" aria-label="Single levels" className={styles.group}>
        {[...LOG_LEVELS].reverse().map((level) => (
          <label key={level} className={styles.level}>
            <input type="checkbox" checked={shown.has(level)} onChange={() => toggle(level)} />
            <span className={styles.swatch} data-level={level} aria-hidden />
            {LEVEL_NAMES[level]}
          </label>
        ))}
      </div>
    </Popover>
  );
}

export function levelWords(levels: readonly LogLevel[] | null): string {
  if (levels === null) return 'All levels';
  const known = LEAST.find((choice) => sameLevels(choice.levels, levels));
  if (known) return known.label;
  return levels.length === 1 ? LEVEL_NAMES[levels[0] ?? 'none'] : `${levels.length} levels`;
}

function sameLevels(left: readonly LogLevel[] | null, right: readonly LogLevel[] | null): boolean {
  if (left === null || right === null) return left === right;
  return left.length === right.length && left.every((level) => right.includes(level));
}
