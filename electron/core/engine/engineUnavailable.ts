import { FlotillaError } from '#shared/contract/errors.ts';
import type { EngineState } from '#shared/domain/Engine.ts';

/** Why there is no engine to ask now, and what to do. */
export function engineUnavailable(state: EngineState): FlotillaError {
  switch (state.phase) {
    case 'none': {
      const reasons = state.probes.flatMap((probe) =>
        probe.answered ? [] : [`${probe.endpoint.name}: ${probe.reason.message}`],
      );
      return new FlotillaError('engine-unavailable', `No container engine answers. ${reasons.join(' ')}`, {
        hint:
          state.embedded.state === 'missing'
            ? `Install one: ${state.embedded.installCommand}`
            : 'Start Docker or Podman, set DOCKER_HOST, or run `flotilla engine start`.',
      });
    }
    case 'lost':
      return new FlotillaError(
        'engine-unavailable',
        `The connection to the engine is lost: ${state.reason.message}`,
        {
          hint: state.reason.hint ?? 'Flotilla connects again by itself.',
        },
      );
    case 'searching':
    case 'connecting':
      return new FlotillaError('engine-unavailable', 'The engine is not connected yet.', {
        hint: 'Try again in a moment.',
      });
    case 'ready':
      return new FlotillaError('engine-unavailable', 'The list of containers is not in yet.', {
        hint: 'Try again in a moment.',
      });
  }
}
