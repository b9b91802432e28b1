import { Check, CircleAlert, FileQuestion, Hammer, PencilLine } from 'lucide-react';
import { useState } from 'react';
import type { Client } from '#shared/contract/Client.ts';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { GeneratedFile, GenerateProposal } from '#shared/domain/Generate.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { ChoiceColumn } from './ChoiceColumn.tsx';
import { FilePane } from './FilePane.tsx';
import styles from './GenerateDialog.module.css';
import {
  closeGenerate,
  EMPTY_DRAFT,
  finishGenerate,
  type GenerateDraft,
  isIncluded,
  keepDraft,
  useGenerate,
} from './generateStore.ts';
import { useProposal } from './useProposal.ts';

interface GenerateFormProps {
  app: AppView;
  client: Client;
  engineReady: boolean;
  onBuild: () => void;
}

/** The dialog's inside: findings and choices, the files, and what comes after they are written. */
export function GenerateForm({ app, client, engineReady, onBuild }: GenerateFormProps) {
  const draft = useGenerate((store) => store.drafts.get(app.id)) ?? EMPTY_DRAFT;
  const { proposal, error, waiting, again } = useProposal(client, app.id, draft);
  const [shownPath, setShownPath] = useState<string>();
  const [writing, setWriting] = useState(false);
  const [refusal, setRefusal] = useState<ErrorShape>();
  const written = useGenerate((store) => store.written);

  if (written !== undefined) return <Written paths={written} engineReady={engineReady} onBuild={onBuild} />;
  if (proposal === undefined)
    return error === undefined ? (
      <div className={styles.waiting}>
        <Spinner size={20} label="Looking at the folder" />
      </div>
    ) : (
      <EmptyState
        icon={<CircleAlert size={24} />}
        title={error.message}
        actions={
          <Button variant="primary" onClick={again} loading={waiting}>
            Try again
          </Button>
        }
      >
        {error.hint}
      </EmptyState>
    );

  const files = filesToWrite(proposal, draft);
  const write = async (): Promise<void> => {
    setWriting(true);
    setRefusal(undefined);
    try {
      await client.call('generate.write', { appId: app.id, files });
      finishGenerate(
        app.id,
        files.map(({ path }) => path),
      );
    } catch (failure) {
      setRefusal(toErrorShape(failure));
    } finally {
      setWriting(false);
    }
  };
  const file = proposal.files.find(({ path }) => path === shownPath) ?? proposal.files[0];

  return (
    <>
      <div className={styles.columns}>
        <ChoiceColumn appId={app.id} proposal={proposal} draft={draft} error={error} />
        <div className={styles.files}>
          {refusal !== undefined && (
            <Banner
              tone="error"
              title={refusal.message}
              action={
                refusal.code === 'conflict' ? (
                  <Button
                    size="small"
                    onClick={() => {
                      setRefusal(undefined);
                      again();
                    }}
                  >
                    Look again
                  </Button>
                ) : undefined
              }
            >
              {refusal.hint}
            </Banner>
          )}
          {file === undefined ? (
            <EmptyState icon={<FileQuestion size={24} />} title="Nothing was recognised in this folder">
              No list of packages, build file or source of a language that is known here. Choose the language
              on the left; the files appear here, to be completed by hand.
            </EmptyState>
          ) : (
            <Tabs<string>
              label="Files"
              className={styles.tabs}
              panelClassName={styles.panel}
              value={file.path}
              onChange={setShownPath}
              tabs={proposal.files.map(({ path, present }) => ({
                id: path,
                label: path,
                badge:
                  draft.edits[path] === undefined ? undefined : <PencilLine size={12} aria-label="edited" />,
                icon:
                  present === undefined ? undefined : (
                    <CircleAlert size={12} aria-label="stands there already" />
                  ),
              }))}
              trailing={waiting ? <Spinner size={12} label="Generating" /> : undefined}
            >
              <FilePane
                key={file.path}
                file={file}
                text={draft.edits[file.path] ?? file.text}
                included={isIncluded(draft, file)}
                onEdit={(text) => keepDraft(app.id, { edits: { ...draft.edits, [file.path]: text } })}
                onReset={() => keepDraft(app.id, { edits: without(draft.edits, file.path) })}
                onInclude={(included) =>
                  keepDraft(app.id, { included: { ...draft.included, [file.path]: included } })
                }
              />
            </Tabs>
          )}
        </div>
      </div>
      <div className={styles.footer}>
        <span className={styles.summary} role="status">
          {files.length === 0
            ? nothingToWrite(proposal)
            : `${files.length} ${files.length === 1 ? 'file' : 'files'} to write: ${files.map(({ path }) => path).join(', ')}`}
        </span>
        <Button onClick={closeGenerate}>Close</Button>
        <Button
          variant="primary"
          icon={<Check size={14} />}
          loading={writing}
          disabled={files.length === 0 || waiting || error !== undefined}
          onClick={() => void write()}
        >
          Write files
        </Button>
      </div>
    </>
  );
}

function Written({
  paths,
  engineReady,
  onBuild,
}: {
  paths: readonly string[];
  engineReady: boolean;
  onBuild: () => void;
}) {
  return (
    <EmptyState
      icon={<Check size={24} />}
      title={paths.length === 1 ? '1 file written' : `${paths.length} files written`}
      actions={
        <>
          <Button onClick={closeGenerate}>Close</Button>
          <Button
            variant="primary"
            icon={<Hammer size={14} />}
            disabled={!engineReady}
            ref={(button) => button?.focus()}
            onClick={() => {
              closeGenerate();
              onBuild();
            }}
          >
            Build
          </Button>
        </>
      }
    >
      {paths.join(', ')}. {engineReady ? 'Next, build the images.' : 'Connect an engine to build the images.'}
    </EmptyState>
  );
}

/** What is included and is not there already. */
function filesToWrite(
  proposal: GenerateProposal,
  draft: GenerateDraft,
): Pick<GeneratedFile, 'path' | 'text' | 'present'>[] {
  return proposal.files.flatMap(({ path, text: generated, present }) => {
    const text = draft.edits[path] ?? generated;
    if (!isIncluded(draft, { path, present }) || text === present) return [];
    return [{ path, text, ...(present === undefined ? {} : { present }) }];
  });
}

function nothingToWrite({ files }: GenerateProposal): string {
  return files.some(({ present }) => present !== undefined)
    ? 'Nothing to write: what stands there already stays, unless you tick “Write”'
    : 'Nothing to write';
}

function without(record: Readonly<Record<string, string>>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([own]) => own !== key));
}
