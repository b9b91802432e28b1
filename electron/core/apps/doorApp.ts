import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { DoorNews } from '#shared/domain/Door.ts';
import type { ScaleRange, ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { DoorApp } from '../door/answerDoor.ts';
import type { EngineService } from '../engine/EngineApi.ts';
import type { AppSession } from './AppSession.ts';
import { scaleService } from './scaleService.ts';
import { scaleBlockedBy } from './viewOfApp.ts';

/** Names come from whoever knocks. */
const LONGEST_NAME = 60;

/**
 * What an app's control door gives access to: the state of its worker services, and their number within the bounds that the file gives. While a
 * service is scaled by itself main asks in vain: a person has chosen that. A number set by hand binds nobody; main may ask for another one.
 */
export function doorApp(session: AppSession, engine: EngineService, note: (news: DoorNews) => void): DoorApp {
  const workerServices = (): ServiceModel[] =>
    session.model().services.filter(({ role }) => role === 'worker');
  return {
    workers() {
      engine.client();
      const { workers } = session.view();
      return workerServices().map((service) => ({
        service: service.name,
        replicas: session.requested(service),
        ...scaleRangeOf(service),
        workers: workers
          .filter((worker) => worker.service === service.name)
          .map(({ index, phase, exitCode, health }) => ({
            index,
            state: phase,
            exitCode: exitCode ?? null,
            health: health ?? null,
          })),
      }));
    },
    scale(name, replicas) {
      engine.client();
      const service = workerServices().find((candidate) => candidate.name === name);
      if (service === undefined) throw noWorkers(session, name);
      assertAllowed(session, service, replicas);
      const from = session.requested(service);
      if (from !== replicas) note({ kind: 'scale', at: Date.now(), service: name, from, wanted: replicas });
      scaleService(session, name, replicas, engine, undefined).catch((error: unknown) =>
        note({ kind: 'problem', at: Date.now(), reason: toErrorShape(error).message }),
      );
      return { service: name, from, replicas };
    },
    refused: (reason) => note({ kind: 'refused', at: Date.now(), reason, count: 1 }),
  };
}

/** Within which numbers main may ask for a service; undefined: it may not. */
export function scaleRangeOf({ scaleRange, autoscale }: ServiceModel): ScaleRange | undefined {
  if (scaleRange !== undefined) return scaleRange;
  return autoscale === undefined ? undefined : { min: autoscale.min, max: autoscale.max };
}

function noWorkers(session: AppSession, name: string): FlotillaError {
  const { services } = session.model();
  const shown = name.slice(0, LONGEST_NAME);
  const other = services.find((service) => service.name === name);
  const names = services.filter(({ role }) => role === 'worker').map((service) => service.name);
  const there =
    names.length === 0 ? 'There is none.' : `There ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}.`;
  return other === undefined
    ? new FlotillaError('not-found', `“${shown}” is no worker service. ${there}`)
    : new FlotillaError(
        'permission-denied',
        `${shown} is a ${other.role}, only workers may be scaled. ${there}`,
      );
}

function assertAllowed(session: AppSession, service: ServiceModel, replicas: number): void {
  const { name } = service;
  const range = scaleRangeOf(service);
  if (range === undefined)
    throw new FlotillaError(
      'permission-denied',
      `${name} stays at ${session.requested(service)}: nothing says how far main may scale it. Write x-flotilla: { replicas: { min: 1, max: 8 } } below it.`,
    );
  if (replicas < range.min || replicas > range.max)
    throw new FlotillaError(
      'invalid-input',
      `${name} may have ${range.min} to ${range.max} replicas, not ${replicas}.`,
    );
  if (session.autoscale.isOn(name))
    throw new FlotillaError('conflict', `${name} is scaled by itself now; Auto is on.`);
  const blocked = scaleBlockedBy(service);
  if (blocked !== null && replicas > 1) throw new FlotillaError('conflict', blocked);
  if (session.isUnder('stop', 'down'))
    throw new FlotillaError('conflict', `${session.title} is being stopped.`);
}
