import type { EngineState } from '#shared/domain/Engine.ts';
import { useEngine } from '../../stores/engine.ts';
import { useRoute } from '../../stores/route.ts';
import { StatusDot, type Tone } from '../../ui/StatusDot.tsx';
import styles from './Sidebar.module.css';

/** The engine's state in a few words; leads to the page about engines. */
export function EngineChip() {
  const state = useEngine((store) => store.state);
  const isCurrent = useRoute((store) => store.route.page === 'engines');
  const { text, tone, passing } = engineWords(state);
  return (
    <a
      className={styles.engine}
      href="#/engines"
      aria-label={`Engine: ${text}`}
      title={text}
      aria-current={isCurrent ? 'page' : undefined}
      data-testid="engine-chip"
      data-phase={state?.phase}
    >
      <StatusDot tone={tone} pulse={passing} />
      <span className={styles.wide}>{text}</span>
    </a>
  );
}

export function engineWords(state: EngineState | undefined): { text: string; tone: Tone; passing: boolean } {
  switch (state?.phase) {
    case 'ready':
      return { text: `${state.info.product} ${state.info.version}`, tone: 'ok', passing: false };
    case 'connecting':
      return { text: 'Connecting…', tone: 'busy', passing: true };
    case 'lost':
      return { text: 'Connection lost', tone: 'danger', passing: true };
    case 'none':
      return { text: 'No engine', tone: 'warn', passing: false };
    default:
      return { text: 'Looking for engines…', tone: 'busy', passing: true };
  }
}
