import {
  ChevronDown,
  Copy,
  Ellipsis,
  FolderSearch,
  GitCompareArrows,
  Hammer,
  RefreshCw,
  RotateCcw,
} from 'lucide-react';
import type { BuildView } from '#shared/domain/Build.ts';
import { Button } from '../../../ui/Button.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Menu } from '../../../ui/Menu.tsx';
import type { MenuEntry } from '../../../ui/MenuEntry.ts';
import { displayName } from '../../app/displayName.ts';
import { BuildStateSign } from '../BuildStateSign.tsx';
import { buildStateLabel } from '../buildStateLabel.ts';
import { formatWhen } from '../formatWhen.ts';
import type { ListedBuild } from '../list/buildListRows.ts';
import { isGoing } from '../state/isGoing.ts';
import type { BuildActions } from './BuildActions.ts';
import styles from './BuildHeader.module.css';
import { copyText } from './copyText.ts';

/** Of the builds one may be compared with, the newest. */
const MOST_OFFERED = 30;

interface BuildHeaderProps {
  build: BuildView;
  actions: BuildActions;
  /** Other builds of the service that have ended, newest first. */
  others: readonly ListedBuild[];
  onCompare: (otherId: string) => void;
  onCopyLog: () => void;
}

/** Which build this is, how it stands, and what can be done with it. */
export function BuildHeader({ build, actions, others, onCompare, onCopyLog }: BuildHeaderProps) {
  const going = isGoing(build.state);
  const again = (options: { noCache?: boolean; recreate?: boolean }) =>
    actions.build({ services: [build.service], ...options });
  const { openContext } = actions;
  const digest = build.result?.digest ?? build.result?.imageId ?? build.imageId;
  return (
    <header className={styles.head}>
      <BuildStateSign state={build.state} />
      <span className={styles.title}>
        {displayName(build.service)} <code className={styles.tag}>{displayName(build.tag)}</code>
      </span>
      <span className={styles.state} data-testid="build-state" role="status">
        {buildStateLabel(build.state)}
      </span>
      <div className={styles.actions} role="toolbar" aria-label="Build">
        {going ? (
          <Button size="small" onClick={() => actions.cancel(build.id)}>
            Cancel build
          </Button>
        ) : (
          <>
            <Button
              size="small"
              icon={<Hammer size={13} />}
              disabled={!actions.canBuild}
              onClick={() => again({})}
            >
              Rebuild
            </Button>
            <Menu
              align="end"
              label="Ways to rebuild"
              trigger={
                <IconButton
                  size="small"
                  variant="outline"
                  label="Ways to rebuild"
                  disabled={!actions.canBuild}
                  icon={<ChevronDown size={13} />}
                />
              }
              items={[
                {
                  label: 'Rebuild without cache',
                  icon: <RotateCcw size={14} />,
                  onSelect: () => again({ noCache: true }),
                },
                {
                  label: 'Rebuild and recreate what uses it',
                  icon: <RefreshCw size={14} />,
                  onSelect: () => again({ recreate: true }),
                },
              ]}
            />
          </>
        )}
        <Menu
          align="end"
          label="Compare with"
          trigger={
            <Button
              size="small"
              icon={<GitCompareArrows size={13} />}
              disabled={going || others.length === 0}
            >
              Compare with…
            </Button>
          }
          items={offered(others, onCompare)}
        />
        <Menu
          align="end"
          label="More of this build"
          trigger={<IconButton size="small" label="More of this build" icon={<Ellipsis size={15} />} />}
          items={[
            ...(openContext === undefined
              ? []
              : [
                  {
                    label: 'Context…',
                    icon: <FolderSearch size={14} />,
                    onSelect: () => openContext(build.service),
                  },
                ]),
            { label: 'Copy log', icon: <Copy size={14} />, onSelect: onCopyLog },
            {
              label: 'Copy image digest',
              icon: <Copy size={14} />,
              disabled: digest === undefined,
              onSelect: () => copyText(digest ?? '', 'Digest copied'),
            },
          ]}
        />
      </div>
    </header>
  );
}

function offered(others: readonly ListedBuild[], onCompare: (otherId: string) => void): MenuEntry[] {
  const now = Date.now();
  return others.slice(0, MOST_OFFERED).map((other, index) => ({
    // Labels are the entries' keys: two of one second must differ.
    label: `${formatWhen(other.startedAt, now)} · ${buildStateLabel(other.state)}${sameWhen(others, index, now)}`,
    icon: <BuildStateSign state={other.state} />,
    onSelect: () => onCompare(other.id),
  }));
}

function sameWhen(others: readonly ListedBuild[], index: number, now: number): string {
  const when = (at: number) => formatWhen(others[at]?.startedAt ?? 0, now);
  const before = others.slice(0, index).filter((_, at) => when(at) === when(index)).length;
  return before === 0 ? '' : ` (${before + 1})`;
}
