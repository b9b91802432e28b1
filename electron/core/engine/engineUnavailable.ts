import { FlotillaError } from '#shared/contract/errors.ts';
import type { EngineState } from '#shared/domain/Engine.ts';
import { listWords } from '#shared/reconcile/listWords.ts';

/** All usual places, on any system. */
const MOST_NAMED = 20;

/** Why there is no engine to ask now, and what to do. */
export function engineUnavailable(state: EngineState): FlotillaError {
  switch (state.phase) {
    case 'none': {
      const silent = state.probes.filter((probe) => !probe.answered);
      // One that somebody named is told of by itself; of a dozen usual places the empty ones are one sentence.
      const absent = silent.filter(
        ({ endpoint: { source }, reason }) =>
          (source === 'socket' || source === 'embedded') && reason.detail?.['errno'] === 'ENOENT',
      );
      const reasons = silent
        .filter((probe) => !absent.includes(probe))
        .map(({ endpoint, reason }) => `${endpoint.name}: ${reason.message}`);
      if (absent.length > 0)
        reasons.push(
          `No socket is there of ${listWords([...new Set(absent.map(({ endpoint }) => endpoint.name))], MOST_NAMED)}.`,
        );
      const forbidden = silent.find(({ reason }) => reason.code === 'permission-denied');
      return new FlotillaError('engine-unavailable', `No container engine answers. ${reasons.join(' ')}`, {
        hint:
          forbidden?.reason.hint ??
          (state.embedded.state === 'missing'
            ? `Install one: ${state.embedded.installCommand}`
            : 'Start Docker or Podman, set DOCKER_HOST, or run `flotilla engine start`.'),
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
