import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';

interface LeaveDialogProps {
  open: boolean;
  fileName: string;
  onStay: () => void;
  onDiscard: () => void;
  onSave: () => void;
}

/** What is to become of changes when the editor is left. */
export function LeaveDialog({ open, fileName, onStay, onDiscard, onSave }: LeaveDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onStay}
      size="small"
      title={`Save your changes of ${fileName}?`}
      footer={
        <>
          <Button onClick={onStay}>Keep editing</Button>
          <Button variant="danger" onClick={onDiscard}>
            Discard and leave
          </Button>
          <Button variant="primary" onClick={onSave} data-autofocus>
            Save and leave
          </Button>
        </>
      }
    >
      They are not written to disk yet.
    </Dialog>
  );
}
