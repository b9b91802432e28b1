import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import type { SweepPlan } from '../domain/Sweep.ts';
import { studyApp } from '../study/studyApp.ts';

/**
 * An app as the jobs of a sweep see it: the service that is swept, and what it depends on, beside the app that runs: with networks of its own, no published
 * port, and nothing that is started again by itself. What it depends on runs once for all jobs, on volumes that begin empty. The volumes of the service
 * itself are the app's own, so that what jobs write there stays.
 */
export function sweepApp(app: AppModel, project: string, service: string): AppModel {
  const needed = dependenciesOf(app, service);
  const own = studyApp(app, project, service, 1);
  const shared = new Set(app.services.filter(({ name }) => needed.has(name)).flatMap(volumesOf));
  return {
    ...own,
    services: own.services.filter(({ name }) => name === service || needed.has(name)),
    volumes: app.volumes.map((volume) =>
      shared.has(volume.key) ? (own.volumes.find(({ key }) => key === volume.key) ?? volume) : volume,
    ),
  };
}

/** What a service depends on, and what that depends on. */
function dependenciesOf(app: AppModel, service: string): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    for (const dependency of app.services.find((each) => each.name === name)?.dependsOn ?? [])
      if (!found.has(dependency.service) && dependency.service !== service) {
        found.add(dependency.service);
        visit(dependency.service);
      }
  };
  visit(service);
  return found;
}

const volumesOf = ({ mounts }: ServiceModel): string[] =>
  mounts.flatMap((mount) => (mount.kind === 'volume' && mount.source !== undefined ? [mount.source] : []));

/** The volumes of the service that are the app's own. */
export function ownVolumes(app: AppModel, swept: AppModel, service: string): AppModel['volumes'] {
  const used = new Set(app.services.filter(({ name }) => name === service).flatMap(volumesOf));
  return app.volumes.filter(
    ({ key, name }) =>
      used.has(key) && swept.volumes.some((volume) => volume.key === key && volume.name === name),
  );
}

/** The service as one job runs it: with its parameters in the environment, and in the command that the sweep gives. */
export function jobService(service: ServiceModel, plan: SweepPlan, job: number): ServiceModel {
  const values = new Map(plan.parameters.map((name, at) => [name, plan.rows[job]?.[at] ?? '']));
  return {
    ...service,
    environment: {
      ...service.environment,
      ...Object.fromEntries(values),
      JOB_INDEX: values.get('JOB_INDEX') ?? String(job + 1),
      JOB_COUNT: values.get('JOB_COUNT') ?? String(plan.rows.length),
    },
    command:
      plan.command === undefined ? service.command : plan.command.map((word) => withValues(word, values)),
  };
}

/** `{name}` in place of which the value of that parameter stands; others in braces are left as they are. */
function withValues(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string) => values.get(name) ?? whole);
}
