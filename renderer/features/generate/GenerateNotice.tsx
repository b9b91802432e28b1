import { FilePlus2 } from 'lucide-react';
import type { AppView } from '#shared/domain/AppView.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { openGenerate } from './generateStore.ts';

/** Where services want a Dockerfile that does not exist: says so, and offers to generate it. */
export function GenerateNotice({ app }: { app: AppView }) {
  const missing = app.diagnostics.filter((diagnostic) => diagnostic.code === 'missing-dockerfile');
  const [first] = missing;
  if (first === undefined || app.origin !== 'folder') return null;
  return (
    <Banner
      tone="warn"
      action={
        <Button size="small" icon={<FilePlus2 size={13} />} onClick={() => openGenerate(app.id)}>
          Generate Dockerfile…
        </Button>
      }
    >
      {missing.length === 1
        ? first.message
        : `${missing.length} services need Dockerfiles that do not exist.`}
    </Banner>
  );
}
