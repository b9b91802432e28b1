import { shapes } from './shapes.ts';
import { fileMountShape } from './fileMountShape.ts';
import { ulimitsShape } from './ulimitsShape.ts';

/** `build` of a service (Compose Build Specification). */
export const buildShape = shapes.either(
  shapes.text,
  shapes.object({
    context: shapes.text,
    dockerfile: shapes.text,
    dockerfile_inline: shapes.text,
    entitlements: shapes.plainTexts,
    args: shapes.pairs,
    ssh: shapes.listedPairs,
    labels: shapes.labels,
    cache_from: shapes.plainTexts,
    cache_to: shapes.plainTexts,
    no_cache: shapes.flag,
    additional_contexts: shapes.labels,
    pull: shapes.flag,
    extra_hosts: shapes.hosts,
    isolation: shapes.text,
    network: shapes.text,
    target: shapes.text,
    secrets: fileMountShape,
    shm_size: shapes.wholeBytes,
    tags: shapes.plainTexts,
    ulimits: ulimitsShape,
    platforms: shapes.plainTexts,
    privileged: shapes.flag,
    provenance: { shape: shapes.flagOrText, isNewer: true },
    sbom: { shape: shapes.flagOrText, isNewer: true },
    no_cache_filter: { shape: shapes.textOrPlainTexts, isNewer: true },
  }),
);
