import type {
  ImageDetails,
  ImagesChange,
  ImageSummary,
  ImageTransfer,
  PrunePreview,
  PruneResult,
  RegistryLogins,
} from '#shared/domain/Image.ts';

/** What the rest of the core and the shells may ask about images and registries. Interfaces only. */
export interface ImagesService {
  /** Newest first. */
  list(): Promise<ImageSummary[]>;
  /** All images first, then what changed; goes on over lost engines. Ends with the signal. */
  follow(signal: AbortSignal): AsyncGenerator<ImagesChange[]>;
  get(image: string): Promise<ImageDetails>;
  /** `replace`: also when the name is another image's, which loses it. */
  tag(image: string, reference: string, options?: { replace?: boolean | undefined }): Promise<ImageSummary>;
  /** By reference: that tag, and the image with its last one. By id: the whole image with all its tags, or nothing. */
  remove(
    image: string,
    options: { force?: boolean | undefined },
  ): Promise<{ removed: string[]; untagged: string[] }>;
  prunePreview(scope: PrunePreview['scope']): Promise<PrunePreview>;
  prune(scope: PrunePreview['scope'], ids: readonly string[], signal?: AbortSignal): Promise<PruneResult>;
  /** Its state whenever it changed, at most 10 times a second; the last item has a result. Throws what the registry or the engine refused. */
  pull(
    reference: string,
    signal: AbortSignal,
    /** `OS/ARCHITECTURE[/VARIANT]`; the engine's own by default. */
    platform?: string,
  ): AsyncGenerator<ImageTransfer[]>;
  push(reference: string, signal: AbortSignal): AsyncGenerator<ImageTransfer[]>;
  registries(): Promise<RegistryLogins>;
}
