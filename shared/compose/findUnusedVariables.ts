import type { ProjectFiles } from './ComposeApi.ts';
import type { Findings } from './Findings.ts';
import { get } from './Located.ts';
import type { ReadService } from './readService.ts';
import { removeFromEntry } from './removalEdits.ts';

const MOST_FILES = 300;
const LONGEST_TEXT = 512 * 1024;
const NOT_CODE =
  /\.(png|jpe?g|gif|svg|pdf|zip|gz|tar|so|o|a|bin|dat|npy|npz|h5|parquet|csv|lock)$|(^|\/)(docker-)?compose(\.override)?\.ya?ml$/i;

/**
 * Addresses given to a built service that lead nowhere: the host is no service of the project, and no file of it mentions the variable.
 * Typically what is left of an example it was copied from.
 */
export async function findUnusedVariables(
  services: readonly ReadService[],
  files: ProjectFiles,
  findings: Findings,
): Promise<void> {
  const names = new Set(
    services.flatMap(({ model }) => [
      model.name,
      ...model.networks.flatMap((network) => network.aliases),
      model.hostname ?? model.name,
    ]),
  );
  const suspects = services.flatMap((service) =>
    service.model.build === undefined
      ? []
      : ownVariables(service).flatMap((variable) => {
          const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([A-Za-z][\w-]*)(?=[:/?#]|$)/i.exec(
            variable.value ?? '',
          )?.[1];
          return host === undefined || host === 'localhost' || names.has(host)
            ? []
            : [{ service, variable, host }];
        }),
  );
  if (suspects.length === 0) return;
  const used = await mentioned(
    new Set(suspects.map(({ variable }) => variable.key)),
    new Set(services.map(({ entry }) => entry.value.file)),
    files,
  );
  const inline = services.map(({ model }) => model.build?.dockerfileInline?.text ?? '').join('\n');
  for (const { service, variable, host } of suspects) {
    if (used.has(variable.key) || inline.includes(variable.key)) continue;
    const owner = service.entry.value;
    findings.add({
      code: 'unused-variable',
      severity: 'warning',
      file: variable.keyAt.file,
      start: variable.keyAt.start,
      end: variable.at.end,
      service: service.model.name,
      message: `${service.model.name}: nothing uses ${variable.key}, and “${host}” is no service.`,
      explanation:
        'No file of the project mentions the variable, and its address leads nowhere. It looks like a rest of an example.',
      fixes:
        owner.kind === 'map'
          ? [
              {
                id: 'remove-variable',
                title: `Remove ${variable.key}`,
                edits: removeFromEntry(findings, owner, 'environment', variable.at),
              },
            ]
          : [],
    });
  }
}

/** Variables of the service's own `environment`; those of an env file are shared with others and stand elsewhere. */
function ownVariables({ environment, entry }: ReadService): ReadService['environment'] {
  const envFiles = get(entry.value, 'env_file');
  return environment.filter(({ at }) => at.file !== envFiles?.file || at.start !== envFiles.start);
}

/** @param composeFiles files that give the variables, which is no use of them */
async function mentioned(
  keys: ReadonlySet<string>,
  composeFiles: ReadonlySet<string>,
  files: ProjectFiles,
): Promise<Set<string>> {
  const used = new Set<string>();
  const { paths } = await files.list();
  for (const path of paths
    .filter((candidate) => !NOT_CODE.test(candidate) && !composeFiles.has(candidate))
    .slice(0, MOST_FILES)) {
    const found = await files.read(path);
    if (!found.ok || found.text.length > LONGEST_TEXT) continue;
    for (const key of keys) if (found.text.includes(key)) used.add(key);
  }
  return used;
}
