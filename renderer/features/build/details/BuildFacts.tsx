import { Copy, Info, List, Workflow } from 'lucide-react';
import { countSteps } from '#shared/build/countSteps.ts';
import type { BuildHistoryEntry, BuildView } from '#shared/domain/Build.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Popover } from '../../../ui/Popover.tsx';
import { ProgressBar } from '../../../ui/ProgressBar.tsx';
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx';
import { displayName } from '../../app/displayName.ts';
import { formatBytes } from '../formatBytes.ts';
import { formatSizeDelta } from '../formatSizeDelta.ts';
import { formatStepTime } from '../formatStepTime.ts';
import { showSteps, useStepsShown } from '../state/buildViewStore.ts';
import { useNow } from '../state/useNow.ts';
import styles from './BuildFacts.module.css';
import { contextWords, isSending } from './contextWords.ts';
import { copyText } from './copyText.ts';

const BUILDERS = { buildkit: 'BuildKit', buildx: 'docker buildx', classic: 'classic builder' };

interface BuildFactsProps {
  build: BuildView;
  /** What the history says of it, once it has ended. */
  entry: BuildHistoryEntry | undefined;
}

/** What there is to know of a build in one line, and the choice of how its steps are shown. */
export function BuildFacts({ build, entry }: BuildFactsProps) {
  const shown = useStepsShown();
  const { builder, context, result } = build;
  const { steps, cachedSteps } = countSteps(build.steps);
  const delta = entry?.sizeDeltaBytes;
  const contextText = contextWords(build);
  return (
    <>
      <div className={styles.facts}>
        <BuildTime build={build} />
        {builder === undefined ? null : (
          <span>
            {BUILDERS[builder.kind] ?? builder.kind}
            <Popover
              label="Why this builder"
              className={styles.reason ?? ''}
              trigger={<IconButton size="small" label="Why this builder" icon={<Info size={13} />} />}
            >
              {displayName(builder.reason)}
            </Popover>
          </span>
        )}
        {build.noCache === true ? <span>without cache</span> : null}
        {steps === 0 ? null : (
          <span>
            {cachedSteps} of {steps} cached
          </span>
        )}
        {contextText === undefined ? null : <span>{contextText}</span>}
        {result === undefined ? null : (
          <span>
            image {formatBytes(result.sizeBytes)}
            {delta === undefined ? '' : ` (${formatSizeDelta(delta)})`}
          </span>
        )}
        <Digest build={build} />
        <SegmentedControl
          className={styles.choice ?? ''}
          label="Steps as"
          value={shown}
          onChange={showSteps}
          options={[
            { value: 'list', label: 'List', icon: <List size={13} />, iconOnly: true },
            { value: 'graph', label: 'Graph', icon: <Workflow size={13} />, iconOnly: true },
          ]}
        />
      </div>
      {context !== undefined && isSending(build) ? (
        <div className={styles.sending}>
          <ProgressBar label="Sending the context" value={context.sentBytes} max={context.bytes} />
          <span>
            Sending {formatBytes(context.sentBytes)} of {formatBytes(context.bytes)}
          </span>
        </div>
      ) : build.state === 'packing' ? (
        <div className={styles.sending}>
          <ProgressBar label="Reading the context" />
          <span>Reading the context</span>
        </div>
      ) : null}
    </>
  );
}

function BuildTime({ build }: { build: BuildView }) {
  const { begunAt } = build;
  const now = useNow(begunAt !== undefined && build.endedAt === undefined);
  if (begunAt === undefined) return null;
  return <span data-testid="build-time">{formatStepTime((build.endedAt ?? now) - begunAt)}</span>;
}

function Digest({ build }: { build: BuildView }) {
  const id = build.result?.digest ?? build.result?.imageId ?? build.imageId;
  if (id === undefined || id === '') return null;
  const hash = id.slice(id.lastIndexOf(':') + 1);
  return (
    <span title={displayName(id)}>
      <code>{displayName(hash.slice(0, 12))}</code>
      <IconButton
        size="small"
        label="Copy image digest"
        icon={<Copy size={12} />}
        onClick={() => copyText(id, 'Digest copied')}
      />
    </span>
  );
}
