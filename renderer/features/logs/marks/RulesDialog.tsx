import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { TextField } from '../../../ui/TextField.tsx';
import { isRiskyExpression, termExpression } from '../search/findRanges.ts';
import { type HighlightRule, RULE_COLOURS, type RuleColour } from './highlightRules.ts';
import styles from './RulesDialog.module.css';

interface RulesDialogProps {
  open: boolean;
  onClose: () => void;
  rules: readonly HighlightRule[];
  onChange: (change: (rules: readonly HighlightRule[]) => HighlightRule[]) => void;
}

/** What to colour in the lines of this app. */
export function RulesDialog({ open, onClose, rules, onChange }: RulesDialogProps) {
  const [text, setText] = useState('');
  const [regex, setRegex] = useState(false);
  const [wholeLine, setWholeLine] = useState(true);
  const [colour, setColour] = useState<RuleColour>('amber');
  const problem = ruleProblem(text, regex);

  const add = () => {
    if (text === '' || problem !== undefined) return;
    const term = { text, ...(regex ? { regex: true } : {}) };
    onChange((before) => [...before, { id: crypto.randomUUID(), term, colour, wholeLine }]);
    setText('');
    setColour(RULE_COLOURS[(RULE_COLOURS.indexOf(colour) + 1) % RULE_COLOURS.length] ?? 'amber');
  };

  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Highlight rules"
      description="Colours lines or words in the log of this app. Rules above win."
    >
      <ul className={styles.rules}>
        {rules.map((rule) => (
          <li key={rule.id} className={styles.rule}>
            <span className={styles.sample} data-mark={rule.colour}>
              {rule.term.regex === true ? `/${rule.term.text}/` : rule.term.text}
            </span>
            <span className={styles.about}>{rule.wholeLine ? 'whole line' : 'words'}</span>
            <IconButton
              size="small"
              label={`Remove the rule ${rule.term.text}`}
              icon={<Trash2 size={13} />}
              onClick={() => onChange((before) => before.filter((other) => other.id !== rule.id))}
            />
          </li>
        ))}
      </ul>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextField
          label="Text to highlight"
          value={text}
          onChange={setText}
          maxLength={500}
          data-autofocus
          {...(problem === undefined ? {} : { error: problem })}
        />
        <div className={styles.options}>
          <div className={styles.colours} role="radiogroup" aria-label="Colour">
            {RULE_COLOURS.map((name) => (
              <label key={name} className={styles.colour} data-mark={name}>
                <input
                  type="radio"
                  name="rule-colour"
                  aria-label={name}
                  checked={colour === name}
                  onChange={() => setColour(name)}
                />
              </label>
            ))}
          </div>
          <Switch label="Regular expression" checked={regex} onChange={setRegex} />
          <Switch label="Whole line" checked={wholeLine} onChange={setWholeLine} />
          <Button
            type="submit"
            variant="primary"
            icon={<Plus size={14} />}
            disabled={text === '' || problem !== undefined}
          >
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function ruleProblem(text: string, regex: boolean): string | undefined {
  if (!regex || text === '') return undefined;
  if (termExpression({ text, regex: true }) === null) return 'This is not a regular expression.';
  return isRiskyExpression(text)
    ? 'A repetition within a repetition can take for ever on some lines; write it without.'
    : undefined;
}
