import { useConnection } from '../stores/connection.ts';
import { useEngine } from '../stores/engine.ts';
import { useRoute } from '../stores/route.ts';
import { Banner } from '../ui/Banner.tsx';
import { Button } from '../ui/Button.tsx';
import { showError } from './showError.ts';
import { useCountdown } from './useCountdown.ts';
import { useWindowServices } from './WindowServices.ts';

/** What concerns the whole window: the server is gone, the engine is lost, there is none. What was known stays on screen below. */
export function Banners() {
  const connection = useConnection((store) => store.connection);
  const engine = useEngine((store) => store.state);
  const page = useRoute((store) => store.route.page);
  if (connection.phase === 'refused') {
    return (
      <Banner flush tone="error" title="This address is not valid any more">
        Flotilla’s server was started again. Open the address that it printed last.
      </Banner>
    );
  }
  if (connection.phase === 'lost') return <ServerLost nextRetryAt={connection.nextRetryAt} />;
  if (engine?.phase === 'lost')
    return <EngineLost reason={engine.reason.message} nextRetryAt={engine.nextRetryAt} />;
  if (engine?.phase === 'none' && page === 'app') {
    return (
      <Banner
        flush
        tone="warn"
        title="No container engine answers"
        action={<a href="#/engines">Look at the engines</a>}
      >
        Nothing can be built or run until one does.
      </Banner>
    );
  }
  return null;
}

function ServerLost({ nextRetryAt }: { nextRetryAt: number }) {
  const { client } = useWindowServices();
  const seconds = useCountdown(nextRetryAt);
  return (
    <Banner
      flush
      tone="error"
      title="The connection to Flotilla’s server is lost"
      action={
        <Button size="small" onClick={() => client.reconnect()}>
          Retry now
        </Button>
      }
    >
      {seconds === 0 ? 'Trying again…' : `Trying again in ${seconds} s.`} Check that flotilla serve runs and
      the ssh tunnel stands.
    </Banner>
  );
}

function EngineLost({ reason, nextRetryAt }: { reason: string; nextRetryAt: number }) {
  const { client } = useWindowServices();
  const seconds = useCountdown(nextRetryAt);
  return (
    <Banner
      flush
      tone="error"
      title="Connection to the engine lost"
      data-testid="engine-lost"
      action={
        <Button size="small" onClick={() => void client.call('engine.retry', {}).catch(showError)}>
          Retry now
        </Button>
      }
    >
      {reason} {seconds === 0 ? 'Trying again…' : `Trying again in ${seconds} s.`} What you see is what was
      last known.
    </Banner>
  );
}
