import { shapes } from './shapes.ts';

const request = {
  capabilities: shapes.texts,
  driver: shapes.text,
  count: shapes.whole,
  device_ids: shapes.texts,
  options: shapes.labels,
};

/** `deploy.resources.reservations.devices` and `gpus`: devices asked of the engine, such as GPUs. */
export const deviceRequestsShape = {
  devices: shapes.list(shapes.object(request, { required: ['capabilities'] })),
  gpus: shapes.either(shapes.textOneOf('all'), shapes.list(shapes.object(request))),
};
