import { Copy, Tag, Trash2, Upload, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { ImageDetails, ImageSummary } from '#shared/domain/Image.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { displayName } from '../app/displayName.ts';
import { formatBytes } from '../build/formatBytes.ts';
import styles from './ImageDetailsPane.module.css';
import { copyText } from './copyText.ts';
import { nameOfImage, shortId } from './imageRows.ts';
import { LayerList } from './LayerList.tsx';
import { maskSecrets } from './maskSecrets.ts';
import { useImageDetails } from './useImageDetails.ts';

interface ImageDetailsPaneProps {
  image: ImageSummary;
  canAct: boolean;
  onClose: () => void;
  onTag: () => void;
  onPush: () => void;
  onRemove: () => void;
  onUntag: (tag: string) => void;
}

/** Everything about one image: names, layers, what a container made of it runs. */
export function ImageDetailsPane(props: ImageDetailsPaneProps) {
  const { image, canAct, onClose, onTag, onPush, onRemove, onUntag } = props;
  const answer = useImageDetails(image);
  const name = displayName(nameOfImage(image));
  /** The image would go with its last name, and containers hold it. */
  const isHeld = image.tags.length === 1 && image.usedBy.length > 0;
  return (
    <aside className={styles.pane} aria-label={`Details of ${name}`}>
      <header className={styles.header}>
        <h2 className={styles.title} title={name}>
          {name}
        </h2>
        <IconButton
          size="small"
          label="Close the details"
          keys="escape"
          icon={<X size={15} />}
          onClick={onClose}
        />
      </header>
      <div className={styles.actions}>
        <Button size="small" icon={<Tag size={13} />} disabled={!canAct} onClick={onTag}>
          Tag…
        </Button>
        <Button
          size="small"
          icon={<Upload size={13} />}
          disabled={!canAct || image.tags.length === 0}
          onClick={onPush}
        >
          Push…
        </Button>
        <Button size="small" icon={<Trash2 size={13} />} disabled={!canAct} onClick={onRemove}>
          Remove…
        </Button>
      </div>
      <div className={styles.body}>
        {answer.phase === 'failed' && (
          <Banner tone="error" title={answer.error.message}>
            {answer.error.hint}
          </Banner>
        )}
        <Section title="Names">
          {image.tags.length === 0 && <p className={styles.muted}>No tag: nothing refers to it by a name.</p>}
          {image.tags.map((tag) => (
            <Line key={tag} text={tag}>
              <IconButton
                size="small"
                label={
                  isHeld
                    ? 'The last name stays while containers use it'
                    : `Take the tag ${displayName(tag)} away`
                }
                icon={<X size={13} />}
                disabled={!canAct || isHeld}
                onClick={() => onUntag(tag)}
              />
            </Line>
          ))}
        </Section>
        <Section title="Id">
          <Line text={image.id} shown={shortId(image.id)} />
        </Section>
        {image.digests.length > 0 && (
          <Section title="Digests">
            {image.digests.map((digest) => (
              <Line key={digest} text={digest} />
            ))}
          </Section>
        )}
        {image.usedBy.length > 0 && (
          <Section title="Used by">
            <p className={styles.text}>{image.usedBy.map(displayName).join(', ')}</p>
          </Section>
        )}
        {answer.phase === 'loading' && <Spinner label="Reading the image" />}
        {answer.phase === 'ready' && <Details details={answer.details} />}
      </div>
    </aside>
  );
}

function Details({ details }: { details: ImageDetails }) {
  const { layers, sizeBytes } = details;
  const facts: [string, string | undefined][] = [
    ['Platform', `${details.os}/${details.architecture}`],
    ['Entry point', commandText(details.entrypoint)],
    ['Command', commandText(details.command)],
    ['Folder', details.workingDir],
    ['User', details.user ?? 'root'],
    ['Ports', details.exposedPorts.join(', ') || undefined],
    ['Author', details.author],
  ];
  const filled = layers.filter((layer) => layer.sizeBytes > 0).length;
  return (
    <>
      <Section title={`Layers: ${filled} with files, ${formatBytes(sizeBytes)}`}>
        <LayerList layers={layers} />
      </Section>
      <Section title="A container of it">
        <dl className={styles.facts}>
          {facts.map(([term, value]) =>
            value === undefined ? null : (
              <div key={term} className={styles.fact}>
                <dt>{term}</dt>
                <dd>{displayName(value)}</dd>
              </div>
            ),
          )}
        </dl>
      </Section>
      <Environment variables={details.environment} />
      {Object.keys(details.labels).length > 0 && (
        <Section title="Labels">
          <ul className={styles.pairs}>
            {Object.entries(details.labels).map(([key, value]) => (
              <li key={key}>
                <code>{displayName(`${key}=${value}`)}</code>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

/** Variables whose names sound like secrets are hidden until asked for. */
function Environment({ variables }: { variables: readonly string[] }) {
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => setIsOpen(false), [variables]);
  if (variables.length === 0) return null;
  const hasHidden = variables.some((variable) => maskSecrets(variable) !== variable);
  return (
    <Section
      title="Environment"
      action={
        hasHidden && (
          <Button size="small" variant="ghost" onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? 'Hide secrets' : 'Show secrets'}
          </Button>
        )
      }
    >
      <ul className={styles.pairs}>
        {variables.map((variable) => (
          <li key={variable}>
            <code>{displayName(isOpen ? variable : maskSecrets(variable))}</code>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <div className={styles.heading}>
        <h3>{title}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}

/** One name or id that can be copied. */
function Line({ text, shown = text, children }: { text: string; shown?: string; children?: ReactNode }) {
  return (
    <div className={styles.line}>
      <code className={styles.lineText} title={displayName(text)}>
        {displayName(shown)}
      </code>
      <IconButton
        size="small"
        label={`Copy ${displayName(shown)}`}
        icon={<Copy size={13} />}
        onClick={() => copyText(text)}
      />
      {children}
    </div>
  );
}

/** As one would type it: words with spaces in quotes. */
function commandText(words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined;
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}
