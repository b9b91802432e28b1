import { ArrowDownToLine, ChartColumn, Clock, Columns2, Pause, Play, WrapText } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Select } from '../../../ui/Select.tsx';
import { choiceOptions, choiceValue, readChoiceValue, type WorkerChoice } from '../query/WorkerChoice.ts';
import type { TimeMode } from '../time/formatLogTime.ts';
import styles from './LogToolbar.module.css';

const TIME_WORDS: Record<TimeMode, string> = {
  off: 'Times hidden',
  relative: 'Time since the first line',
  local: 'Local time',
  utc: 'UTC',
};

interface LogToolbarProps {
  choice: WorkerChoice;
  onChoice: (choice: WorkerChoice) => void;
  workers: readonly string[];
  services: readonly string[];
  /** Fields and menus, in their places. */
  filter: ReactNode;
  search: ReactNode;
  levels: ReactNode;
  legend: ReactNode;
  bookmarks: ReactNode;
  more: ReactNode;
  timeMode: TimeMode;
  onTime: () => void;
  wrap: boolean;
  onWrap: () => void;
  histogram: boolean;
  onHistogram: () => void;
  following: boolean;
  onFollow: () => void;
  paused: boolean;
  onPause: () => void;
  split: boolean;
  onSplit: () => void;
}

/** The log's controls. What finds no room in a narrow window is found in the menu at its end. */
export function LogToolbar(props: LogToolbarProps) {
  const { choice, workers, services } = props;
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Log">
      <Select
        label="Log filter"
        hideLabel
        className={styles.choice}
        value={choiceValue(choice)}
        onChange={(value) => props.onChoice(readChoiceValue(value))}
        options={choiceOptions(workers, services, choice)}
      />
      {props.filter}
      {props.levels}
      {props.search}
      <div className={styles.group}>
        <span className={styles.wide}>{props.legend}</span>
        <span className={styles.wide}>{props.bookmarks}</span>
        <IconButton
          className={styles.wide}
          label={`${TIME_WORDS[props.timeMode]}; change`}
          keys="t"
          icon={<Clock size={15} />}
          pressed={props.timeMode !== 'off'}
          onClick={props.onTime}
        />
        <IconButton
          className={styles.wide}
          label="Wrap long lines"
          keys="w"
          icon={<WrapText size={15} />}
          pressed={props.wrap}
          onClick={props.onWrap}
        />
        <IconButton
          className={styles.wide}
          label="Lines over time"
          keys="h"
          icon={<ChartColumn size={15} />}
          pressed={props.histogram}
          onClick={props.onHistogram}
        />
        <IconButton
          className={styles.wide}
          label="Split the view"
          keys="v"
          icon={<Columns2 size={15} />}
          pressed={props.split}
          onClick={props.onSplit}
        />
        <IconButton
          label="Follow the end"
          icon={<ArrowDownToLine size={15} />}
          pressed={props.following}
          onClick={props.onFollow}
        />
        <IconButton
          label={props.paused ? 'Resume' : 'Pause'}
          icon={props.paused ? <Play size={15} /> : <Pause size={15} />}
          pressed={props.paused}
          onClick={props.onPause}
        />
        {props.more}
      </div>
    </div>
  );
}
