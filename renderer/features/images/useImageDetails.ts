import { useEffect, useState } from 'react';
import { type ErrorShape, toErrorShape } from '#shared/contract/errors.ts';
import type { ImageDetails, ImageSummary } from '#shared/domain/Image.ts';
import { useWindowServices } from '../../app/WindowServices.ts';

export type DetailsAnswer =
  | { phase: 'loading' }
  | { phase: 'ready'; details: ImageDetails }
  | { phase: 'failed'; error: ErrorShape };

/** Everything about an image, asked again whenever its entry in the list changed. */
export function useImageDetails(image: ImageSummary): DetailsAnswer {
  const { client } = useWindowServices();
  const [answer, setAnswer] = useState<DetailsAnswer>({ phase: 'loading' });
  useEffect(() => {
    const stop = new AbortController();
    // What is shown of the same image stays until the newer is there.
    setAnswer((now) => (now.phase === 'ready' && now.details.id === image.id ? now : { phase: 'loading' }));
    client.call('images.get', { image: image.id }, { signal: stop.signal }).then(
      (details) => !stop.signal.aborted && setAnswer({ phase: 'ready', details }),
      (error: unknown) => !stop.signal.aborted && setAnswer({ phase: 'failed', error: toErrorShape(error) }),
    );
    return () => stop.abort();
  }, [client, image]);
  return answer;
}
