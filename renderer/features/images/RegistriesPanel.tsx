import { KeyRound, RefreshCw } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { RegistryLogin, RegistryLogins } from '#shared/domain/Image.ts';
import { useWindowServices } from '../../app/WindowServices.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { StatusDot } from '../../ui/StatusDot.tsx';
import { displayName } from '../app/displayName.ts';
import styles from './RegistriesPanel.module.css';

/** The sign-ins of docker's own configuration: who, where, kept by whom, and what is wrong. */
export function RegistriesPanel() {
  const { client } = useWindowServices();
  const [answer, setAnswer] = useState<RegistryLogins | null>(null);
  const [error, setError] = useState<ErrorShape | null>(null);
  const [isBusy, setIsBusy] = useState(true);
  const look = useCallback(() => {
    setIsBusy(true);
    client
      .call('registries.list', {})
      .then(
        (logins) => {
          setAnswer(logins);
          setError(null);
        },
        (thrown: unknown) => setError(toErrorShape(thrown)),
      )
      .finally(() => setIsBusy(false));
  }, [client]);
  useEffect(look, [look]);
  return (
    <div className={styles.panel}>
      <div className={styles.header}>
        <p className={styles.muted}>
          Pulls and pushes sign in with docker’s own configuration
          {answer === null ? '' : <code className={styles.file}> {displayName(answer.file)}</code>}. Flotilla
          keeps no password.
        </p>
        <Button size="small" icon={<RefreshCw size={13} />} loading={isBusy} onClick={look}>
          Look again
        </Button>
      </div>
      {error !== null && (
        <Banner tone="error" title={error.message}>
          {error.hint}
        </Banner>
      )}
      {answer?.problem !== undefined && (
        <Banner tone="warn" title={displayName(answer.problem)}>
          Images that need no sign-in can be pulled all the same.
        </Banner>
      )}
      {answer === null ? (
        error === null && <Spinner label="Reading docker’s configuration" />
      ) : answer.logins.length === 0 ? (
        <EmptyState compact icon={<KeyRound size={22} />} title="No sign-ins">
          Sign in to a registry in a terminal: <code>docker login registry.example.org</code>. Public images
          need none.
        </EmptyState>
      ) : (
        <ul className={styles.list} aria-label="Registry sign-ins">
          {answer.logins.map((login) => (
            <Login key={login.server} login={login} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Login({ login: { server, username, source, helper, problem } }: { login: RegistryLogin }) {
  const isHub = server.startsWith('https://index.docker.io/');
  return (
    <li className={styles.row}>
      <StatusDot
        tone={problem === undefined ? 'ok' : 'warn'}
        label={problem === undefined ? 'can be used' : 'cannot be used'}
      />
      <span className={styles.text}>
        <span className={styles.name}>{isHub ? 'Docker Hub' : displayName(server)}</span>
        {problem !== undefined && <span className={styles.problem}>{displayName(problem)}</span>}
      </span>
      {(username !== undefined || problem === undefined) && (
        <span className={styles.muted}>{username === undefined ? 'token' : displayName(username)}</span>
      )}
      <span className={styles.muted}>
        {source === 'helper'
          ? `kept by docker-credential-${displayName(helper ?? '')}`
          : 'kept in the file itself'}
      </span>
    </li>
  );
}
