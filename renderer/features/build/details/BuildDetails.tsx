import { Hourglass, Unplug } from 'lucide-react';
import { useRef, useSyncExternalStore } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { Banner } from '../../../ui/Banner.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { Spinner } from '../../../ui/Spinner.tsx';
import { buildFeed } from '../BuildFeed.ts';
import type { ListedBuild } from '../list/buildListRows.ts';
import { isGoing } from '../state/isGoing.ts';
import { useStepsShown } from '../state/buildViewStore.ts';
import { StepGraph } from '../steps/StepGraph.tsx';
import { StepList } from '../steps/StepList.tsx';
import type { BuildActions } from './BuildActions.ts';
import styles from './BuildDetails.module.css';
import { BuildFacts } from './BuildFacts.tsx';
import { BuildHeader } from './BuildHeader.tsx';
import { buildLogText } from './buildLogText.ts';
import { BuildNotes } from './BuildNotes.tsx';
import { copyText } from './copyText.ts';
import { FailureCard } from './FailureCard.tsx';
import { LayerList } from './LayerList.tsx';

interface BuildDetailsProps {
  client: Client;
  buildId: string;
  /** The build as the list has it; absent for one the list does not know (yet). */
  listed: ListedBuild | undefined;
  others: readonly ListedBuild[];
  actions: BuildActions;
  onCompare: (otherId: string) => void;
  /** Escape: back to the list. */
  onLeave: () => void;
}

/** One build: how it stands, its steps with their logs in place, and where it failed. */
export function BuildDetails(props: BuildDetailsProps) {
  const { client, buildId, listed, others, actions, onCompare, onLeave } = props;
  const feed = buildFeed(client, buildId);
  useSyncExternalStore(feed.subscribe, feed.version);
  const shown = useStepsShown();
  const region = useRef<HTMLElement>(null);
  const build = feed.view;
  const Steps = shown === 'graph' ? StepGraph : StepList;
  return (
    <section
      ref={region}
      className={styles.details}
      aria-label="Chosen build"
      data-build-details
      onKeyDown={(event) => {
        // An open menu or popover lies in a portal and closes itself first.
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        if (region.current?.contains(event.target as Node) === true) onLeave();
      }}
    >
      {build === null ? (
        feed.error ? (
          <EmptyState compact icon={<Unplug size={20} />} title="The build cannot be read">
            {feed.error.message}
          </EmptyState>
        ) : (
          <div className={styles.waiting}>
            <Spinner label="Reading the build" />
          </div>
        )
      ) : (
        <>
          <BuildHeader
            build={build}
            actions={actions}
            others={others}
            onCompare={onCompare}
            onCopyLog={() => copyText(buildLogText(build, feed), 'Log copied')}
          />
          <BuildFacts build={build} entry={listed?.entry} />
          {feed.error && isGoing(build.state) ? (
            <Banner flush tone="warn" title="Not up to date">
              The connection is lost; the build goes on without this window. {feed.error.message}
            </Banner>
          ) : null}
          <div className={styles.scroll}>
            {build.error ? <FailureCard failure={build.error} openFile={actions.openFile} /> : null}
            {build.state === 'queued' ? (
              <EmptyState compact icon={<Hourglass size={20} />} title="Waits for its turn">
                {queueWords(listed?.queuedBehind)}
              </EmptyState>
            ) : null}
            <BuildNotes build={build} dropped={feed.dropped} />
            <Steps build={build} feed={feed} />
            {build.result ? <LayerList result={build.result} /> : null}
          </div>
        </>
      )}
    </section>
  );
}

function queueWords(before: number | undefined): string {
  const place =
    before === undefined || before === 0
      ? 'It is next.'
      : before === 1
        ? 'One build waits in front of it.'
        : `${before} builds wait in front of it.`;
  return `${place} Two builds run at a time; of one image only one.`;
}
