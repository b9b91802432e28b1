import { deviceRequestsShape } from './deviceRequestsShape.ts';
import { shapes } from './shapes.ts';

const update = shapes.object({
  parallelism: { shape: shapes.whole, keepsZero: true },
  delay: shapes.duration,
  failure_action: shapes.text,
  monitor: shapes.duration,
  max_failure_ratio: shapes.float32,
  order: shapes.textOneOf('start-first', 'stop-first'),
});

const limits = { cpus: shapes.float32, memory: shapes.textBytes, pids: shapes.whole };

/** `deploy` of a service (Compose Deploy Specification). */
export const deployShape = shapes.object(
  {
    mode: shapes.text,
    replicas: { shape: shapes.whole, keepsZero: true },
    labels: shapes.labels,
    update_config: update,
    rollback_config: update,
    resources: {
      shape: shapes.object({
        limits: shapes.object(limits),
        reservations: shapes.object({
          cpus: limits.cpus,
          memory: limits.memory,
          devices: deviceRequestsShape.devices,
          generic_resources: shapes.list(
            shapes.object({
              discrete_resource_spec: shapes.object({ kind: shapes.text, value: shapes.wholeOrNumber }),
            }),
          ),
        }),
      }),
      absent: () => ({}),
    },
    restart_policy: shapes.object({
      condition: shapes.text,
      delay: { shape: shapes.duration, keepsZero: true },
      max_attempts: { shape: shapes.whole, keepsZero: true },
      window: { shape: shapes.duration, keepsZero: true },
    }),
    placement: {
      shape: shapes.object({
        constraints: shapes.plainTexts,
        preferences: shapes.list(shapes.object({ spread: shapes.text })),
        max_replicas_per_node: shapes.whole,
      }),
      absent: () => ({}),
    },
    endpoint_mode: shapes.text,
  },
  { nullable: true },
);
