import { RefreshCw } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { EmbeddedStatus, EndpointProbe, EngineState } from '#shared/domain/Engine.ts';
import { showError } from '../../app/showError.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { useConnection } from '../../stores/connection.ts';
import { useEngine } from '../../stores/engine.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { StatusDot } from '../../ui/StatusDot.tsx';
import { formatBytes } from '../build/formatBytes.ts';
import { engineWords } from '../sidebar/EngineChip.tsx';
import { EmbeddedPanel } from './EmbeddedPanel.tsx';
import styles from './EnginePage.module.css';

/** Which engines there are, which one is used, and why the others do not answer. */
export function EnginePage() {
  const { client } = useWindowServices();
  const state = useEngine((store) => store.state);
  const isConnected = useConnection((store) => store.connection.phase === 'open');
  const [probes, setProbes] = useState<EndpointProbe[] | null>(null);
  const [embedded, setEmbedded] = useState<EmbeddedStatus | null>(null);
  const [connecting, setConnecting] = useState<string | null>(null);
  const phase = state?.phase;

  const look = useCallback(() => {
    setProbes(null);
    client.call('engine.list', {}).then(setProbes, showError);
    client.call('engine.embedded', {}).then(setEmbedded, () => undefined);
  }, [client]);
  useEffect(() => {
    if (isConnected) look();
  }, [look, phase, isConnected]);

  const connect = (endpointId: string): void => {
    setConnecting(endpointId);
    client
      .call('engine.connect', { endpointId })
      .catch(showError)
      .finally(() => setConnecting(null));
  };
  const current = state !== undefined && 'endpoint' in state ? state.endpoint.id : undefined;
  const answering = (probes ?? []).filter((probe) => probe.answered);
  const silent = (probes ?? []).filter((probe) => !probe.answered);

  return (
    <div className={styles.scroller}>
      <div className={styles.page}>
        <header className={styles.header}>
          <h1 className={styles.title}>Engines</h1>
          <Button icon={<RefreshCw size={13} />} loading={probes === null && isConnected} onClick={look}>
            Look again
          </Button>
        </header>
        <Present state={state} />
        <section className={styles.section}>
          <h2 className={styles.heading}>Answering</h2>
          {probes === null ? (
            <Spinner label="Looking for engines" />
          ) : answering.length === 0 ? (
            <p className={styles.muted}>None of the known places answers.</p>
          ) : (
            <ul className={styles.list}>
              {answering.map((probe) => (
                <li key={probe.endpoint.id} className={styles.row}>
                  <StatusDot tone="ok" label="answers" />
                  <span className={styles.rowText}>
                    <span className={styles.name}>{probe.endpoint.name}</span>
                    <code className={styles.host}>{probe.endpoint.host}</code>
                  </span>
                  <span className={styles.muted}>
                    {probe.product} {probe.version} · API {probe.apiVersion} · {Math.round(probe.latencyMs)}{' '}
                    ms
                  </span>
                  {probe.endpoint.id === current ? (
                    <Badge tone="ok">In use</Badge>
                  ) : (
                    <Button
                      size="small"
                      loading={connecting === probe.endpoint.id}
                      onClick={() => connect(probe.endpoint.id)}
                    >
                      Use
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </section>
        {embedded !== null && (
          <section className={styles.section}>
            <h2 className={styles.heading}>Flotilla’s own engine</h2>
            <EmbeddedPanel status={embedded} onChange={setEmbedded} isOffer={phase === 'ready'} />
          </section>
        )}
        {silent.length > 0 && (
          <section className={styles.section}>
            <h2 className={styles.heading}>Not answering</h2>
            <ul className={styles.list}>
              {silent.map((probe) => (
                <li key={probe.endpoint.id} className={styles.row}>
                  <StatusDot tone="idle" label="does not answer" />
                  <span className={styles.rowText}>
                    <span className={styles.name}>{probe.endpoint.name}</span>
                    <span className={styles.muted}>
                      {probe.answered ? '' : probe.reason.message} {probe.answered ? '' : probe.reason.hint}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  );
}

function Present({ state }: { state: EngineState | undefined }) {
  const { text, tone, passing } = engineWords(state);
  return (
    <section className={styles.present}>
      <StatusDot tone={tone} pulse={passing} />
      <div className={styles.rowText}>
        <span className={styles.name}>{text}</span>
        {state?.phase === 'ready' ? (
          <span className={styles.muted}>
            {state.info.operatingSystem} · {state.info.cpus} CPUs · {formatBytes(state.info.memoryBytes)} ·
            API {state.info.apiVersion}
            {state.info.rootless ? ' · rootless' : ''}
          </span>
        ) : state?.phase === 'lost' ? (
          <span className={styles.muted}>{state.reason.message}</span>
        ) : state?.phase === 'none' ? (
          <span className={styles.muted}>
            Start Docker or Podman, or Flotilla’s own engine below. It is noticed by itself.
          </span>
        ) : null}
      </div>
    </section>
  );
}
