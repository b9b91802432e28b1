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

/** The failure of creating or starting one worker: which, the engine's words, what to do. */
export function explainStartFailure(thrown: unknown, worker: string): FlotillaError {
  if (thrown instanceof FlotillaError && thrown.detail?.['statusCode'] === undefined) return thrown;
  const words = (thrown instanceof Error ? thrown.message : String(thrown)).replace(
    /^The engine refused to [^:]+: /,
    '',
  );
  const hint =
    HINTS.find(([pattern]) => pattern.test(words))?.[1] ??
    'Correct the service’s settings in the compose file.';
  const detail = thrown instanceof FlotillaError ? thrown.detail : undefined;
  return new FlotillaError('engine-error', `${worker} could not be started: ${words}`, {
    hint,
    cause: thrown,
    detail: { ...detail, worker },
  });
}
