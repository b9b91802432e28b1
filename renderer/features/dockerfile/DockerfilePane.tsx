import { lazy, Suspense } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import { Spinner } from '../../ui/Spinner.tsx';
import styles from './DockerfilePane.module.css';
import { useEditorFiles } from './editorFiles.ts';

/** The editor is loaded when it is first looked at: it is larger than the rest of the page. */
const DockerfileEditor = lazy(() => import('./DockerfileEditor.tsx'));

/** The pane of the app page that edits the project's Dockerfiles. */
export function DockerfilePane({ app, client }: { app: AppView; client: Client }) {
  const target = useEditorFiles((state) => state.target);
  const own = target?.appId === app.id ? target : undefined;
  return (
    <Suspense
      fallback={
        <div className={styles.waiting}>
          <Spinner label="Opening the editor" />
        </div>
      }
    >
      <DockerfileEditor key={app.id} app={app} client={client} target={own} onTargetReached={forgetTarget} />
    </Suspense>
  );
}

function forgetTarget(): void {
  useEditorFiles.setState({ target: undefined });
}
