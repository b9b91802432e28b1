import { useState } from 'react';
import { ArrowLeft, Check, FileDiff, Undo2 } from 'lucide-react';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';

interface EditorActionsProps {
  mode: 'edit' | 'review' | 'compare';
  changed: boolean;
  /** Nothing can be written before someone has chosen. */
  conflict: boolean;
  writing: boolean;
  fileName: string;
  exists: boolean;
  onReview: () => void;
  onWrite: () => void;
  onBack: () => void;
  onRevert: () => void;
}

/** What can be done with the file: review, write, go back, give changes up. */
export function EditorActions(props: EditorActionsProps) {
  const { mode, changed, conflict, writing, fileName, exists, onReview, onWrite, onBack, onRevert } = props;
  const [reverting, setReverting] = useState(false);
  if (mode !== 'edit')
    return (
      <>
        <Button size="small" icon={<ArrowLeft size={13} />} onClick={onBack}>
          Back to editing
        </Button>
        {mode === 'review' ? (
          <Button
            size="small"
            variant="primary"
            icon={<Check size={13} />}
            loading={writing}
            disabled={conflict}
            ref={(button) => button?.focus()}
            onClick={onWrite}
          >
            {exists ? 'Write' : 'Create'}
          </Button>
        ) : null}
      </>
    );
  return (
    <>
      <Button
        size="small"
        variant="ghost"
        icon={<Undo2 size={13} />}
        disabled={!changed}
        onClick={() => setReverting(true)}
      >
        Revert
      </Button>
      <Button
        size="small"
        variant={changed ? 'primary' : 'secondary'}
        icon={<FileDiff size={13} />}
        disabled={!changed}
        onClick={onReview}
      >
        Review changes
      </Button>
      <ConfirmDialog
        open={reverting}
        onClose={() => setReverting(false)}
        title={`Revert ${fileName}?`}
        confirmLabel="Revert"
        danger
        onConfirm={onRevert}
      >
        Your changes are given up for what is on disk. Undo in the editor brings them back.
      </ConfirmDialog>
    </>
  );
}
