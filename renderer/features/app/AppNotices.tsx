import type { AppView } from '#shared/domain/AppView.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import type { AppCommands } from './AppCommands.ts';
import { displayName } from './displayName.ts';

interface AppNoticesProps {
  app: AppView;
  commands: AppCommands;
  onOpenFolder: () => void;
  onShowBuild: (buildId: string) => void;
  onShowProblems: () => void;
}

/** What stands across an app's page: the last failure, a folder that cannot be read, an app of which only containers are known. */
export function AppNotices(props: AppNoticesProps) {
  const { app, commands, onOpenFolder, onShowBuild, onShowProblems } = props;
  return (
    <>
      {app.lastError === undefined ? null : (
        <LastError
          error={app.lastError}
          onDismiss={() => commands.dismissError()}
          onShowBuild={onShowBuild}
          onShowProblems={onShowProblems}
        />
      )}
      {app.folderError ? (
        <Banner
          flush
          tone="warn"
          title="The folder cannot be read"
          action={
            <Button size="small" onClick={() => commands.reload()}>
              Try again
            </Button>
          }
        >
          {app.folderError.message}
        </Banner>
      ) : null}
      {app.origin === 'engine' ? (
        <Banner
          flush
          title="Found on the engine"
          action={
            <Button size="small" onClick={onOpenFolder}>
              Open folder…
            </Button>
          }
        >
          Its containers were started elsewhere and its folder is not known. They can be watched, stopped and
          removed; open the folder to run, build and scale.
        </Banner>
      ) : null}
    </>
  );
}

interface LastErrorProps {
  error: NonNullable<AppView['lastError']>;
  onDismiss: () => void;
  onShowBuild: (buildId: string) => void;
  onShowProblems: () => void;
}

/** A build says itself why it failed, at its line and with what to do: the banner only leads there. */
function LastError({ error, onDismiss, onShowBuild, onShowProblems }: LastErrorProps) {
  const { buildId, failed } = error.detail ?? {};
  const services = Array.isArray(failed) ? failed.filter((name) => typeof name === 'string') : [];
  if (error.code === 'build-failed' && typeof buildId === 'string')
    return (
      <Banner
        flush
        tone="error"
        title={failedWords(services)}
        action={
          <Button size="small" onClick={() => onShowBuild(buildId)}>
            Show the build
          </Button>
        }
        onDismiss={onDismiss}
      />
    );
  return (
    <Banner
      flush
      tone="error"
      title={displayName(error.message)}
      action={
        error.code === 'project-invalid' ? (
          <Button size="small" onClick={onShowProblems}>
            Show the problems
          </Button>
        ) : undefined
      }
      onDismiss={onDismiss}
    >
      {error.hint === undefined ? undefined : displayName(error.hint)}
    </Banner>
  );
}

function failedWords(services: readonly string[]): string {
  const [first, ...others] = services.map(displayName);
  const last = others.pop();
  if (first === undefined) return 'A build failed.';
  return last === undefined
    ? `The build of ${first} failed.`
    : `The builds of ${[first, ...others].join(', ')} and ${last} failed.`;
}
