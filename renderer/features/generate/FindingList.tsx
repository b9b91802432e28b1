import { RadioGroup } from 'radix-ui';
import type { Finding } from '#shared/domain/Generate.ts';
import { KIND_LABELS } from '#shared/generate/handChosen.ts';
import { displayName } from '../app/displayName.ts';
import styles from './GenerateDialog.module.css';

interface FindingListProps {
  findings: readonly Finding[];
  chosen: number | undefined;
  onChoose: (index: number) => void;
}

/** What was found in the folder, the surest first; one of it is what the files are for. */
export function FindingList({ findings, chosen, onChoose }: FindingListProps) {
  return (
    <RadioGroup.Root
      className={styles.findings}
      aria-label="What was found"
      value={chosen === undefined ? '' : String(chosen)}
      onValueChange={(value) => onChoose(Number(value))}
    >
      {findings.map((finding, index) => (
        <RadioGroup.Item
          // Findings have no identity but their place: the list is made anew with each proposal.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          value={String(index)}
          className={styles.finding}
          aria-label={`${KIND_LABELS[finding.kind]}: ${finding.reason}`}
        >
          <span className={styles.radio} aria-hidden />
          <span className={styles.findingWords}>
            <span className={styles.findingTitle}>
              {KIND_LABELS[finding.kind]}
              {finding.confidence > 0 && <span className={styles.sure}>{sureness(finding.confidence)}</span>}
            </span>
            <span className={styles.findingReason}>{displayName(finding.reason)}</span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

function sureness(confidence: number): string {
  if (confidence >= 0.85) return 'sure';
  return confidence >= 0.6 ? 'likely' : 'possible';
}
