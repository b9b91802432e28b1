import type { AppModel } from '../domain/ServiceModel.ts';

/** Longest part of an app's name that a study's project has. */
const LONGEST_NAME = 40;

/** The Compose project of a study: of its own, so that nothing of it is taken for a part of the app. */
export function studyProject(app: Pick<AppModel, 'name'>, studyId: string): string {
  return `${app.name.slice(0, LONGEST_NAME)}-study-${studyId}`;
}

/**
 * An app as a study runs it, with so many replicas of one service: networks and volumes are its own (external ones stay), no port is published, no
 * container has a fixed name, and what ended is not started again. So it runs beside the app without a conflict.
 */
export function studyApp(app: AppModel, project: string, service: string, workers: number): AppModel {
  const own = <Thing extends { name: string; external: boolean }>(thing: Thing): Thing =>
    thing.external
      ? thing
      : {
          ...thing,
          name: `${project}_${thing.name.startsWith(`${app.name}_`) ? thing.name.slice(app.name.length + 1) : thing.name}`,
        };
  return {
    ...app,
    name: project,
    networks: app.networks.map(own),
    volumes: app.volumes.map(own),
    services: app.services.map((each) => ({
      ...each,
      ports: [],
      containerName: undefined,
      restart: { name: 'no' },
      replicas: each.name === service ? workers : each.replicas,
    })),
  };
}
