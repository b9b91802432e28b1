import { useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { TextField } from '../../../ui/TextField.tsx';
import { parseLogTime, type TimeContext } from './parseLogTime.ts';

interface JumpDialogProps {
  open: boolean;
  onClose: () => void;
  context: () => TimeContext;
  onJump: (timeMs: number) => void;
}

/** Asks for a moment of the log to go to. */
export function JumpDialog({ open, onClose, context, onJump }: JumpDialogProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const jump = () => {
    const ms = parseLogTime(text, context());
    if (ms === null) {
      setError('Not a time. Write 14:03, 14:03:59.120, 2026-03-01T14:03Z, -5m or +83.4s.');
      return;
    }
    setError(undefined);
    onClose();
    onJump(ms);
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="small"
      title="Go to a time"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" onClick={jump}>
            Go
          </Button>
        </>
      }
    >
      <TextField
        label="Time"
        value={text}
        data-autofocus
        placeholder="14:03:59"
        hint="A time of day, a date and time, −5m before now or +83.4s after the first line."
        {...(error === undefined ? {} : { error })}
        onChange={(next) => {
          setText(next);
          setError(undefined);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') jump();
        }}
      />
    </Dialog>
  );
}
