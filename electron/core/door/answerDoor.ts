import { z } from 'zod';
import type { WorkerPhase } from '#shared/domain/AppView.ts';
import { type ErrorCode, FlotillaError } from '#shared/contract/errors.ts';
import { type DoorAnswer, refusal } from './DoorGuard.ts';

/** A worker service as main sees it. */
export interface DoorService {
  service: string;
  /** How many are wanted now. */
  replicas: number;
  /** Bounds within which main may ask; absent: it may not. */
  min?: number | undefined;
  max?: number | undefined;
  workers: {
    index: number;
    state: WorkerPhase;
    exitCode: number | null;
    health: 'starting' | 'healthy' | 'unhealthy' | null;
  }[];
}

/** What of its app a door gives access to: its own workers, nothing else. */
export interface DoorApp {
  /** @throws FlotillaError `engine-unavailable` while nobody knows */
  workers(): DoorService[];
  /**
   * Begins to bring a service to a number of replicas and does not wait for them.
   * @throws FlotillaError `not-found`, `permission-denied` (no worker service, no bounds), `invalid-input` (out of bounds), `conflict`,
   * `engine-unavailable`
   */
  scale(service: string, replicas: number): { service: string; from: number; replicas: number };
  /** A request was refused. */
  refused(reason: string): void;
}

export interface DoorRequest {
  method: string;
  /** As sent. */
  path: string;
  contentType: string | undefined;
  body: string;
}

const WORKERS = '/v1/workers';
const SCALE = '/v1/scale';

const scaleSchema = z.strictObject({
  service: z.string().min(1).max(255),
  replicas: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
});

const STATUS: Partial<Record<ErrorCode, number>> = {
  'not-found': 404,
  'permission-denied': 403,
  'invalid-input': 422,
  conflict: 409,
  'project-invalid': 409,
  'engine-unavailable': 503,
};

/** Answers a request that the guard let through. Paths are compared as they are: nothing is decoded, no query is taken. */
export function answerDoor({ method, path, contentType, body }: DoorRequest, app: DoorApp): DoorAnswer {
  try {
    if (path === WORKERS) {
      if (method !== 'GET') return refusal(405, `Use GET ${WORKERS}.`, { Allow: 'GET' });
      return { status: 200, body: { services: app.workers() } };
    }
    if (path === SCALE) {
      if (method !== 'POST') return refusal(405, `Use POST ${SCALE}.`, { Allow: 'POST' });
      return scale(contentType, body, app);
    }
    return refusal(404, `There are GET ${WORKERS} and POST ${SCALE}.`);
  } catch (error) {
    if (!(error instanceof FlotillaError)) throw error;
    app.refused(error.message);
    return refusal(STATUS[error.code] ?? 500, error.message);
  }
}

function scale(contentType: string | undefined, body: string, app: DoorApp): DoorAnswer {
  // A form of a page cannot be sent as this without the browser asking first.
  if (!/^application\/json *(;|$)/i.test(contentType ?? ''))
    return refusal(415, 'Send it as Content-Type: application/json.');
  const asked = scaleSchema.safeParse(parsed(body));
  if (!asked.success) {
    const words = 'Send {"service": "NAME", "replicas": N} with a whole number from 0, and nothing else.';
    app.refused('a request to scale that was none: neither a service’s name nor a whole number from 0.');
    return refusal(400, words);
  }
  return { status: 202, body: app.scale(asked.data.service, asked.data.replicas) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
