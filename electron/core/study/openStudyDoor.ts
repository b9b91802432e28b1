import { randomBytes } from 'node:crypto';
import { FlotillaError } from '#shared/contract/errors.ts';
import { CONTROL_TOKEN, CONTROL_URL } from '#shared/domain/Door.ts';
import type { AppModel, ServiceModel } from '#shared/domain/ServiceModel.ts';
import { placeDoor } from '../apps/placeDoor.ts';
import { phaseOf } from '../apps/viewOfApp.ts';
import type { DoorApp } from '../door/answerDoor.ts';
import { DoorServer } from '../door/DoorServer.ts';
import type { EngineClient, EngineService } from '../engine/EngineApi.ts';
import { STUDY_LABEL } from './StudyContainers.ts';

/** A door that is open for one run, and what main's container is to be told of it. */
export interface StudyDoor {
  server: DoorServer;
  told: Record<string, string>;
}

/**
 * Opens main's control door for a run, so that a main that waits for its workers there goes on. It sees the run's own; their number is what is measured and stays.
 * @param app as `studyApp` has it; its networks have to be there
 * @throws FlotillaError `unsupported` where there can be no door
 */
export async function openStudyDoor(
  engine: Pick<EngineService, 'client' | 'snapshot'>,
  client: EngineClient,
  app: AppModel,
  main: ServiceModel,
  studyId: string,
): Promise<StudyDoor> {
  const { address, urlHost, admits } = await placeDoor(client, app, main);
  const token = randomBytes(32).toString('base64url');
  const door: DoorApp = studyDoorApp(engine, app, studyId);
  const server = await DoorServer.open({ address, urlHost, admits, port: 0, token, app: door });
  return { server, told: { [CONTROL_URL]: server.url, [CONTROL_TOKEN]: token } };
}

/** What a door gives access to in a run: its workers as they are, and no other number of them. */
export function studyDoorApp(
  engine: Pick<EngineService, 'client' | 'snapshot'>,
  app: AppModel,
  studyId: string,
): DoorApp {
  const workerServices = app.services.filter(({ role }) => role === 'worker');
  return {
    workers() {
      engine.client();
      const containers = [...engine.snapshot.containers.values()].filter(
        ({ labels }) => labels[STUDY_LABEL] === studyId,
      );
      return workerServices.map(({ name, replicas }) => ({
        service: name,
        replicas,
        workers: containers
          .filter(({ service }) => service === name)
          .sort((a, b) => a.index - b.index)
          .map((container) => ({
            index: container.index,
            state: phaseOf(container, false),
            exitCode: container.exitCode ?? null,
            health: container.health ?? null,
          })),
      }));
    },
    scale(name, replicas) {
      engine.client();
      const service = workerServices.find((candidate) => candidate.name === name);
      if (service === undefined)
        throw new FlotillaError('not-found', `There is no worker service of that name.`);
      if (service.replicas !== replicas)
        throw new FlotillaError(
          'conflict',
          `A study measures ${name} with ${service.replicas}: the number stays.`,
        );
      return { service: name, from: replicas, replicas };
    },
    refused: () => undefined,
  };
}
