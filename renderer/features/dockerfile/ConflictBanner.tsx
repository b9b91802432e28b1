import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import styles from './DockerfileEditor.module.css';

interface ConflictBannerProps {
  fileName: string;
  /** The file was removed. */
  isGone: boolean;
  /** Both are shown already. */
  comparing: boolean;
  onCompare: () => void;
  onMine: () => void;
  onTheirs: () => void;
}

/** A file with changes here was changed elsewhere too: neither is lost until someone has chosen. */
export function ConflictBanner(props: ConflictBannerProps) {
  const { fileName, isGone, comparing, onCompare, onMine, onTheirs } = props;
  return (
    <Banner
      flush
      tone="warn"
      title={isGone ? `${fileName} was removed from disk` : `${fileName} was changed on disk`}
      action={
        <div className={styles.choices}>
          {comparing ? null : (
            <Button size="small" onClick={onCompare}>
              Compare
            </Button>
          )}
          <Button size="small" onClick={onTheirs}>
            Take the one on disk
          </Button>
          <Button size="small" onClick={onMine}>
            Keep mine
          </Button>
        </div>
      }
    >
      You have changes of your own. Nothing is written until you have chosen.
    </Banner>
  );
}
