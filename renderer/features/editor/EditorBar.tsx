import { ArrowLeft, Redo2, Save, Undo2 } from 'lucide-react';
import type { AppView } from '#shared/domain/AppView.ts';
import { canStepBack, canStepForward } from '#shared/text/EditHistory.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Select } from '../../ui/Select.tsx';
import { Tooltip } from '../../ui/Tooltip.tsx';
import { displayName } from '../app/displayName.ts';
import type { EditorFile } from '../dockerfile/editorFiles.ts';
import styles from './AppEditor.module.css';

interface EditorBarProps {
  app: AppView;
  paths: readonly string[];
  path: string;
  file: EditorFile | undefined;
  changed: boolean;
  saving: boolean;
  onPath: (path: string) => void;
  onClose: () => void;
  onUndo: () => void;
  onRedo: () => void;
  onDiscard: () => void;
  onSave: () => void;
}

/** Which file is edited, whether it is saved, and what can be done with it. */
export function EditorBar(props: EditorBarProps) {
  const { app, paths, path, file, changed, saving } = props;
  return (
    <header className={styles.bar}>
      <IconButton label="Back to the app" icon={<ArrowLeft size={15} />} onClick={props.onClose} />
      <h1 className={styles.title}>
        Edit {displayName(app.title)}
        {changed ? <Badge tone="busy">not saved</Badge> : null}
      </h1>
      {paths.length > 1 ? (
        <Select
          label="File"
          hideLabel
          className={styles.file}
          value={path}
          onChange={props.onPath}
          options={paths.map((each) => ({ value: each, label: displayName(each) }))}
        />
      ) : (
        <code className={styles.only}>{displayName(path)}</code>
      )}
      <div className={styles.actions} role="toolbar" aria-label="Editing">
        <IconButton
          label="Undo"
          keys="mod+z"
          icon={<Undo2 size={15} />}
          disabled={file === undefined || !canStepBack(file.history)}
          onClick={props.onUndo}
        />
        <IconButton
          label="Redo"
          keys="mod+shift+z"
          icon={<Redo2 size={15} />}
          disabled={file === undefined || !canStepForward(file.history)}
          onClick={props.onRedo}
        />
        <Tooltip content="Back to what is on disk; undo takes that back">
          <Button disabled={!changed} onClick={props.onDiscard}>
            Discard
          </Button>
        </Tooltip>
        <Tooltip content={`Write ${displayName(path)}`} keys="mod+s">
          <Button
            variant={changed ? 'primary' : 'secondary'}
            icon={<Save size={13} />}
            disabled={!changed || file?.disk !== undefined}
            loading={saving}
            onClick={props.onSave}
          >
            Save
          </Button>
        </Tooltip>
      </div>
    </header>
  );
}
