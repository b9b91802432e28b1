import { expect, it } from 'vitest';
import { checkDraft } from '#shared/compose/edit/checkDraft.ts';
import { ComposeText } from '#shared/compose/edit/ComposeText.ts';
import { ServiceText } from '#shared/compose/edit/ServiceText.ts';
import { memoryProject } from '#shared/compose/memoryProject.ts';
import { fieldProblems } from './fieldProblems.ts';

const found = async (service: string): Promise<{ fields: string[]; others: number }> => {
  const text = `services:\n  a:\n    image: busybox\n${service}`;
  const { diagnostics } = await checkDraft(memoryProject({ 'compose.yaml': text }), 'compose.yaml', text);
  const own = ServiceText.find(new ComposeText(text), 'a');
  if (own === undefined) throw new Error('There is none.');
  const { byField, others } = fieldProblems(own, 'compose.yaml', diagnostics);
  return { fields: [...byField.keys()].sort(), others: others.length };
};

it('finds the field that each problem is about', async () => {
  expect(
    await found(
      '    deploy: { replicas: many }\n    cpus: x\n    ports: ["80:80", "x:y"]\n    environment: ["A B=1"]\n    stop_grace_period: soon\n    healthcheck: { test: [x], interval: y }\n',
    ),
  ).toEqual({
    fields: [
      'cpus',
      'deploy.replicas',
      'environment.A B',
      'healthcheck.interval',
      'healthcheck.test',
      'ports.1',
      'stop_grace_period',
    ],
    others: 0,
  });
});

it('knows the bounds of replicas in both of their places', async () => {
  expect(await found('    x-flotilla: { replicas: { min: x, max: 2 } }\n')).toMatchObject({
    fields: ['x-flotilla.replicas.min'],
  });
  expect(await found('    x-flotilla: { autoscale: { cpu: 70%, max: x } }\n')).toMatchObject({
    fields: ['x-flotilla.autoscale.max'],
  });
});

it('leaves what no field is about to be told above the form', async () => {
  expect(await found('    x-flotilla: { autoscale: { cpu: 70% } }\n    cpuset: z\n')).toEqual({
    fields: [],
    others: 2,
  });
});
