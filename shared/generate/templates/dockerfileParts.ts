import { PACKAGES_FORM } from '../Choices.ts';
import { speaksMpi } from '../detect/usesOf.ts';
import type { EntryPoint } from '../Program.ts';
import type { TemplateContext } from '../TemplateContext.ts';

const UID = '10001';

/** `RUN` with cache mounts where they may be used; several commands are joined by `&&`. */
export function addRun(
  { draft, settings }: TemplateContext,
  commands: readonly string[],
  options: { caches?: readonly string[]; note?: string | undefined; cacheNote?: string } = {},
): void {
  const mounts = settings.cache ? (options.caches ?? []) : [];
  const flags = mounts.map((target) => `--mount=type=cache,target=${target}`);
  const separator = ' \\\n    ';
  const body = commands.join(`${separator}&& `);
  const notes = [
    options.note,
    mounts.length === 0
      ? undefined
      : 'The cache mount keeps what was downloaded or compiled between builds, outside the image.',
  ].filter((note) => note !== undefined);
  draft.add(
    `RUN ${[...flags, body].join(flags.length > 1 ? separator : ' ')}`,
    notes.length === 0 ? undefined : notes.join(' '),
  );
}

/** Installs Debian packages; nothing for an empty list. */
export function addPackages({ draft }: TemplateContext, packages: string, note: string): void {
  if (packages === '') return;
  draft.add(
    `RUN apt-get update \\\n    && apt-get install -y --no-install-recommends ${packages} \\\n    && rm -rf /var/lib/apt/lists/*`,
    `${note} The package lists are removed in the same layer, so that they take no room in the image.`,
  );
}

/** Offers the Debian packages of a stage. */
export function offerPackages(
  { choices }: TemplateContext,
  stage: 'build' | 'run',
  packages: readonly string[],
  explanation: string,
): string {
  return choices.offer({
    id: stage === 'build' ? 'build-packages' : 'run-packages',
    label: stage === 'build' ? 'Packages to build' : 'Packages to run',
    value: packages.join(' '),
    explanation,
    form: PACKAGES_FORM,
  });
}

/** The folder the program works in, and the user it runs as. */
export function addWorkplace({ draft, settings, title, scan, program }: TemplateContext): void {
  const { user } = settings;
  const labels = [`org.opencontainers.image.title=${quoted(title)}`];
  const description = program.facts['description'] ?? `${scan.folderName}, built by Flotilla`;
  labels.push(`org.opencontainers.image.description=${quoted(description)}`);
  draft.add(
    `LABEL ${labels.join(' \\\n      ')}`,
    'Labels of the Open Container Initiative: registries and `docker inspect` show them.',
  );
  if (user !== undefined)
    draft.add(
      `RUN useradd --create-home --uid ${UID} ${user} \\\n    && install -d -o ${user} -g ${user} /app`,
      'A user of its own: a mistake in the program, or someone who misuses it, has no root rights in the container. /app belongs to it, so that results can be written there.',
    );
  draft.add('WORKDIR /app');
}

/** `--chown` for what the program's user must own. */
export function chown({ settings }: TemplateContext): string {
  return settings.user === undefined ? '' : `--chown=${settings.user}:${settings.user} `;
}

/**
 * Ends the Dockerfile: the one program's command, or a stage for each target on the common stage `runtime`.
 * @param command the words that start an entry
 */
export function addTargets(context: TemplateContext, command: (entry: EntryPoint) => string[]): void {
  const { draft, targets, settings } = context;
  const user = settings.user === undefined ? undefined : `USER ${settings.user}`;
  for (const target of targets) {
    if (target.stage !== undefined)
      draft
        .gap()
        .add(
          `FROM runtime AS ${target.stage}`,
          `The image of ${target.stage}: the service names it with “target: ${target.stage}”.`,
        );
    if (user !== undefined) draft.add(user);
    const words = withRanks(context, target.entry, command(target.entry));
    draft.add(
      `ENTRYPOINT ${JSON.stringify(words).replaceAll('","', '", "')}`,
      'As a list, so that no shell stands between: signals reach the program, and arguments after the image’s name are handed to it.',
    );
  }
}

/** Name of the stage that everything runs on, as FROM names it. */
export function runtimeName({ targets }: TemplateContext): string {
  return targets.some((target) => target.stage !== undefined) ? ' AS runtime' : '';
}

function withRanks(
  { settings, scan, targets }: TemplateContext,
  entry: EntryPoint,
  words: string[],
): string[] {
  const others = targets.map((target) => target.entry.id).filter((id) => id !== entry.id);
  return settings.ranks === undefined || !speaksMpi(scan, entry.id, others)
    ? words
    : ['mpirun', '-n', settings.ranks, '--oversubscribe', ...words];
}

/** What Open MPI needs to know in a container. */
export function addMpiEnvironment({ draft, settings }: TemplateContext): void {
  if (settings.ranks === undefined) return;
  draft.add(
    'ENV OMPI_MCA_btl_vader_single_copy_mechanism=none \\\n    OMPI_MCA_hwloc_base_binding_policy=none \\\n    OMPI_MCA_rmaps_base_oversubscribe=1',
    'Open MPI in a container: no copies by process_vm_readv, which Docker’s seccomp profile forbids; no binding to cores, which the CPU limit does not know; more ranks than cores are allowed (--oversubscribe).' +
      (settings.user === undefined
        ? ' As root, mpirun refuses to start unless OMPI_ALLOW_RUN_AS_ROOT is set.'
        : ' mpirun refuses to run as root: the user below lets it start.'),
  );
  if (settings.user === undefined)
    draft.add(
      'ENV OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1',
      'mpirun refuses to start as root unless told twice.',
    );
}

/** A double-quoted word of a Dockerfile. */
export function quoted(text: string): string {
  const clean = text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 200);
  return `"${clean.replaceAll(/[\\"$]/g, '\\$&')}"`;
}
