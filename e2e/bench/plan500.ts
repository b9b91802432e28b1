import { memoryProject } from '#shared/compose/memoryProject.ts';
import { readProject } from '#shared/compose/readProject.ts';
import type { AppModel } from '#shared/domain/ServiceModel.ts';
import { describePlan } from '#shared/reconcile/describePlan.ts';
import type { ContainerFacts, EngineFacts } from '#shared/reconcile/EngineFacts.ts';
import { planChanges } from '#shared/reconcile/planChanges.ts';
import { settingsOf } from '#shared/reconcile/settingsOf.ts';
import type { BenchRow } from './bench.ts';
import { median, round, summary } from './statistics.ts';

const SERVICES = 500;
const REPLICAS = 2;
const TRIALS = 15;
const GOAL_MS = 200;

/**
 * A plan for an app of 500 services whose containers all run, with every tenth service changed, and its text, on one core, in memory; the
 * peer is reading the same app's compose file.
 */
export async function benchPlan500(): Promise<BenchRow[]> {
  const text = composeOf(SERVICES);
  const readings: number[] = [];
  let app: AppModel | null = null;
  for (let trial = 0; trial < 5; trial += 1) {
    const began = performance.now();
    app = (await readProject(memoryProject({ 'compose.yaml': text }))).model;
    readings.push(performance.now() - began);
  }
  if (app === null) throw new Error('The compose file of the bench cannot be read.');
  const facts = factsOf(app);
  const changed: AppModel = {
    ...app,
    services: app.services.map((service, at) =>
      at % 10 === 0 ? { ...service, environment: { ...service.environment, SEED: 'other' } } : service,
    ),
  };
  const idle = measure(app, facts, 0);
  const busy = measure(changed, facts, (SERVICES / 10) * REPLICAS);
  const empty = measure(app, { ...facts, containers: [], networks: [] }, SERVICES * REPLICAS + 1);
  return [
    {
      name: `plan for ${SERVICES} services of ${REPLICAS} replicas, every tenth changed, and its text`,
      unit: 'ms',
      value: round(median(busy)),
      goal: `≤ ${GOAL_MS}`,
      met: median(busy) <= GOAL_MS && median(empty) <= GOAL_MS,
      detail: {
        changed: summary(busy),
        nothingToDo: summary(idle),
        nothingThereYet: summary(empty),
        peerReadingTheComposeFile: summary(readings),
      },
    },
  ];
}

function measure(app: AppModel, facts: EngineFacts, steps: number): number[] {
  const took: number[] = [];
  for (let trial = -2; trial < TRIALS; trial += 1) {
    const began = performance.now();
    const plan = planChanges({ app, replicas: new Map() }, facts);
    describePlan(plan);
    if (trial >= 0) took.push(performance.now() - began);
    if (plan.steps.length !== steps)
      throw new Error(`The plan has ${plan.steps.length} steps, not ${steps}: this is another measurement.`);
  }
  return took;
}

/** Each service depends on three before it, and has variables and limits as a real one has. */
function composeOf(services: number): string {
  const lines = ['name: bench', 'services:'];
  for (let at = 0; at < services; at += 1) {
    const before = [1, 2, 7].flatMap((back) => (at >= back ? [`s${at - back}`] : []));
    lines.push(
      `  s${at}:`,
      '    image: busybox:latest',
      `    command: [sh, -c, "work ${at}"]`,
      `    environment: { SEED: "${at}", STEPS: "1000", OMP_NUM_THREADS: "2", MODE: fast }`,
      '    cpus: 2',
      '    mem_limit: 512m',
      `    scale: ${REPLICAS}`,
      ...(before.length === 0 ? [] : [`    depends_on: [${before.join(', ')}]`]),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** An engine on which all of it runs as declared. */
function factsOf(app: AppModel): EngineFacts {
  const containers = app.services.flatMap((service) => {
    const settings = settingsOf(app, service);
    return Array.from(
      { length: REPLICAS },
      (_, at): ContainerFacts => ({
        id: `${service.name}-${at}`,
        name: `${app.name}-${service.name}-${at + 1}`,
        own: true,
        service: service.name,
        index: at + 1,
        state: 'running',
        createdAt: at,
        imageId: 'sha256:1',
        settings,
        byFlotilla: true,
        limits: { memoryBytes: service.memoryBytes ?? 0, cpus: service.cpus ?? 0, pidsLimit: 0 },
        networks: [{ name: `${app.name}_default`, id: 'n' }],
      }),
    );
  });
  const network = {
    id: 'n',
    name: `${app.name}_default`,
    own: true,
    driver: 'bridge',
    internal: false,
    labels: {},
  };
  return { containers, networks: [network], volumes: [], images: new Map([['busybox:latest', 'sha256:1']]) };
}
