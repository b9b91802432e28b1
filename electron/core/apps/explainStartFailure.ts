import { FlotillaError } from '#shared/contract/errors.ts';

/** The engine's own words for what it refuses when it creates or starts a container, and what a person can do about each. */
const HINTS: [words: RegExp, hint: string][] = [
  [
    /port is already allocated|address already in use/i,
    'Another program holds that port. Stop it, or let the engine pick a port (write only the container port).',
  ],
  [
    /could not select device driver/i,
    'The engine has no driver for the requested device (GPU). Install the NVIDIA Container Toolkit, or remove the device request.',
  ],
  [
    /executable file not found|no such file or directory.*exec|exec: .*not found|exec: .*stat .*no such file/i,
    'The command does not exist in the image. Check `command` and `entrypoint`, and the image’s CMD.',
  ],
  [
    /permission denied.*exec|exec.*permission denied/i,
    'The command is not executable in the image: chmod +x it in the Dockerfile.',
  ],
  [
    /container-init binary not found/i,
    'Podman needs a small program for init: install catatonit, or take `init: true` out of the compose file.',
  ],
  [/bind source path does not exist/i, 'Create the folder, or correct the volume’s source.'],
  [/range of cpus/i, 'Ask for no more CPUs than the engine has.'],
  [/requested cpus are not available|invalid value .* for cpuset/i, 'Name only CPUs that the engine has.'],
  [/minimum memory limit/i, 'Give the service at least 6 MB of memory.'],
  [
    /container name .* is already in use/i,
    'Another container has this name. Remove it, or give this project another name (`name:` in the compose file).',
  ],
  [/no such image/i, 'Build the service, or check the image’s name.'],
  [
    /address pools have been fully subnetted|could not find an available.*network/i,
    'The engine has run out of networks: docker network prune removes unused ones.',
  ],
];

/** What it refuses when it is to change the limits of a container that runs. */
const UPDATE_HINTS: typeof HINTS = [
  [
    /device or resource busy|unable to set memory limit/i,
    'It uses more memory than that now. Allow it more, or stop it first: what does not run is made anew with the new limit.',
  ],
  [
    /memory reservation limit/i,
    'It was made with a memory reservation above that. Remove it first: it is made anew with the new limit.',
  ],
  [
    /conflicting options/i,
    'It was made with a limit of another kind (such as cpu_quota). Remove it first: it is made anew with the new limit.',
  ],
  [/marked for removal/i, 'It is being removed. Try again when it is gone.'],
  ...HINTS,
];

/** The failure of creating or starting one worker: which, the engine's words, what to do. */
export const explainStartFailure = (thrown: unknown, worker: string): FlotillaError =>
  explain(
    thrown,
    worker,
    'could not be started',
    HINTS,
    'Correct the service’s settings in the compose file.',
  );

/** The failure of giving one worker that runs its new limits. */
export const explainUpdateFailure = (thrown: unknown, worker: string): FlotillaError =>
  explain(
    thrown,
    worker,
    'could not be given its new limits and runs on with those it has',
    UPDATE_HINTS,
    'Correct its limits in the compose file.',
  );

function explain(
  thrown: unknown,
  worker: string,
  failed: string,
  hints: typeof HINTS,
  otherwise: string,
): FlotillaError {
  if (thrown instanceof FlotillaError && thrown.detail?.['statusCode'] === undefined) return thrown;
  const words = (thrown instanceof Error ? thrown.message : String(thrown)).replace(
    /^The engine refused to [^:]+: /,
    '',
  );
  const hint = hints.find(([pattern]) => pattern.test(words))?.[1] ?? otherwise;
  const detail = thrown instanceof FlotillaError ? thrown.detail : undefined;
  return new FlotillaError('engine-error', `${worker} ${failed}: ${words}`, {
    hint,
    cause: thrown,
    detail: { ...detail, worker },
  });
}
