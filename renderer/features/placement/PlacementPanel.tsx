import { CircleAlert, Cpu, Info, Plug, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { MAX_REPLICAS } from '#shared/domain/limits.ts';
import { machineWords, sourceWords } from '#shared/placement/describePlacement.ts';
import type { PlacementFinding } from '#shared/placement/Placement.ts';
import type { PlacementPolicy } from '#shared/placement/PlacementPolicy.ts';
import type { PlacedServiceView } from '#shared/placement/PlacementView.ts';
import { showError } from '../../app/showError.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { displayName } from '../app/displayName.ts';
import { CoreMap } from './CoreMap.tsx';
import { isPlacedAs } from './isPlacedAs.ts';
import { PlacementControls } from './PlacementControls.tsx';
import styles from './PlacementPanel.module.css';
import { PlacementTable } from './PlacementTable.tsx';
import { usePlacement } from './usePlacement.ts';
import { UnheededChange } from './UnheededChange.tsx';
import { type WrittenPlacement, writePlacement } from './writePlacement.ts';

interface PlacementPanelProps {
  app: AppView;
  client: Client;
  engineReady: boolean;
}

/** A change that had no effect. */
interface Unheeded {
  service: string;
  wanted: PlacementPolicy;
  written: WrittenPlacement | undefined;
}

/** Which CPUs and GPUs of the engine's machine each replica of an app gets, and how the file says so. */
export default function PlacementPanel({ app, client, engineReady }: PlacementPanelProps) {
  const [supposed, setSupposed] = useState<number>();
  const [marked, setMarked] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [unheeded, setUnheeded] = useState<Unheeded>();
  const { view, error, refresh } = usePlacement(client, app.id, {
    workers: supposed,
    revision: revisionOf(app),
    enabled: engineReady,
  });
  useEffect(() => {
    // It has come to something after all, and its undoing would be that of an older file.
    const now = view?.services.find(({ name }) => name === unheeded?.service);
    if (unheeded !== undefined && now !== undefined && isPlacedAs(now.placement, unheeded.wanted))
      setUnheeded(undefined);
  }, [view, unheeded]);
  if (view === undefined) {
    if (!engineReady)
      return (
        <EmptyState compact icon={<Plug size={22} />} title="No engine is connected">
          Its machine’s CPUs and GPUs are shown here, and which replica gets which.
        </EmptyState>
      );
    if (error === undefined)
      return (
        <div className={styles.waiting}>
          <Spinner label="Looking at the engine’s machine" />
        </div>
      );
  }
  const write = async (service: PlacedServiceView, wanted: PlacementPolicy): Promise<void> => {
    setIsBusy(true);
    try {
      setUnheeded(undefined);
      const written = await writePlacement(client, app.id, service, wanted);
      // It is written, whatever becomes of the look at what comes of it.
      const seen = await client
        .call('apps.placement', { appId: app.id, workers: supposed })
        .catch(() => undefined);
      const now = seen?.services.find(({ name }) => name === service.name);
      // Another file may say otherwise, also one that came after the last look.
      if (now !== undefined && !isPlacedAs(now.placement, wanted))
        setUnheeded({ service: service.name, wanted, written });
      else if (written !== undefined)
        toast(`${displayName(written.path)} says so now`, {
          action: { label: 'Undo', onClick: () => void written.undo().then(refresh, showError) },
        });
    } catch (thrown) {
      showError(thrown);
    } finally {
      setIsBusy(false);
      refresh();
    }
  };
  const shown = (view?.services ?? []).filter(
    ({ role, placement }) => role === 'worker' || placement !== null,
  );
  const isPlaced = shown.some(({ placement }) => placement !== null);
  const usual = Math.max(1, ...shown.map(({ replicas }) => replicas));
  return (
    <div className={styles.panel} data-testid="placement-panel">
      {engineReady ? null : (
        <Banner tone="warn" title="No engine is connected.">
          This is how it was when one was.
        </Banner>
      )}
      {error === undefined ? null : (
        <Banner
          tone="error"
          title={displayName(error.message)}
          action={
            <Button size="small" onClick={refresh}>
              Try again
            </Button>
          }
        >
          {error.hint === undefined ? null : displayName(error.hint)}
        </Banner>
      )}
      {view === undefined ? null : (
        <>
          <div className={styles.head}>
            <p className={styles.machine}>
              <Cpu size={15} aria-hidden />
              <strong>{machineWords(view.topology)}</strong>
              <span className={styles.muted}>{displayName(sourceWords(view.topology))}</span>
            </p>
            {isPlaced ? (
              <div className={styles.suppose}>
                <NumberField
                  label="As if there were so many workers"
                  value={supposed ?? usual}
                  min={0}
                  max={MAX_REPLICAS}
                  onCommit={setSupposed}
                />
                {supposed === undefined ? null : (
                  <Button onClick={() => setSupposed(undefined)}>As it is</Button>
                )}
              </div>
            ) : null}
          </div>
          <FindingList findings={view.plan.findings} />
          {shown.length === 0 ? (
            <Banner tone="warn" title="No service of this app is a worker.">
              Choose the role worker for the service whose replicas are to have CPUs of their own.
            </Banner>
          ) : null}
          {shown.map((service) => (
            <PlacementControls
              key={service.name}
              service={service}
              topology={view.topology}
              isBusy={isBusy || !engineReady}
              onChange={(wanted) => void write(service, wanted)}
            >
              {unheeded?.service !== service.name || isPlacedAs(service.placement, unheeded.wanted) ? null : (
                <UnheededChange
                  service={service}
                  written={unheeded.written}
                  onUndo={() => {
                    setUnheeded(undefined);
                    void unheeded.written?.undo().then(refresh, showError);
                  }}
                  onDismiss={() => setUnheeded(undefined)}
                />
              )}
            </PlacementControls>
          ))}
          <CoreMap view={view} marked={marked} />
          {isPlaced ? (
            <PlacementTable view={view} workers={app.workers} marked={marked} onMark={setMarked} />
          ) : (
            <p className={styles.muted}>
              Replicas run on any CPU. Give a service CPUs each, and they do not get in each other’s way.
            </p>
          )}
        </>
      )}
    </div>
  );
}

const ICONS = { error: CircleAlert, warning: TriangleAlert, note: Info } as const;
const WORDS = { error: 'Not possible', warning: 'Short', note: 'Note' } as const;

function FindingList({ findings }: { findings: readonly PlacementFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul className={styles.findings} aria-label="What is to be known of these places">
      {findings.map(({ severity, text, hint }) => {
        const Icon = ICONS[severity];
        return (
          <li key={text} data-severity={severity}>
            <Icon size={14} aria-label={WORDS[severity]} />
            <span>
              {displayName(text)}
              {hint === undefined ? null : <span className={styles.hint}> {displayName(hint)}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** Changes whenever the places may have. */
const revisionOf = ({ services, workers }: AppView): string =>
  JSON.stringify([
    services.map(({ name, role, requestedReplicas, placement }) => [
      name,
      role,
      requestedReplicas,
      placement ?? null,
    ]),
    workers.map(({ key, containerId }) => [key, containerId]),
  ]);
