import { serviceShape } from './serviceShape.ts';
import { shapes } from './shapes.ts';

const NAME = /^[a-zA-Z0-9._-]+$/;
const options = shapes.map(shapes.textOrNumber);
/** The deprecated mapping form of `external` has become a flag and a name before anything is written. */
const external = shapes.either(shapes.flag, shapes.object({ name: shapes.text }));

const network = shapes.object(
  {
    name: shapes.text,
    driver: shapes.text,
    driver_opts: options,
    ipam: {
      shape: shapes.object({
        driver: shapes.text,
        config: shapes.list(
          shapes.object(
            {
              subnet: shapes.text,
              gateway: shapes.text,
              ip_range: shapes.text,
              aux_addresses: shapes.map(shapes.text),
            },
            { forgetsExtensions: true },
          ),
        ),
        options: { shape: shapes.map(shapes.text), hidden: true },
      }),
      absent: () => ({}),
    },
    external,
    internal: shapes.flag,
    attachable: shapes.flag,
    labels: shapes.labels,
    enable_ipv4: { shape: shapes.flag, keepsZero: true },
    enable_ipv6: { shape: shapes.flag, keepsZero: true },
  },
  { nullable: true },
);

const volume = shapes.object(
  {
    name: shapes.text,
    driver: shapes.text,
    driver_opts: options,
    external,
    labels: shapes.labels,
  },
  { nullable: true },
);

const secret = shapes.object({
  name: shapes.text,
  file: shapes.text,
  environment: shapes.text,
  external,
  labels: shapes.labels,
  driver: shapes.text,
  driver_opts: options,
  template_driver: shapes.text,
});

const config = shapes.object({
  name: shapes.text,
  file: shapes.text,
  environment: shapes.text,
  content: shapes.text,
  external,
  labels: shapes.labels,
  template_driver: shapes.text,
});

/** A whole compose file (Compose specification). */
export const projectShape = shapes.object({
  configs: shapes.map(config, NAME),
  include: {
    shape: shapes.list(
      shapes.either(
        shapes.text,
        shapes.object(
          { path: shapes.textOrTexts, env_file: shapes.textOrTexts, project_directory: shapes.text },
          { extensible: false },
        ),
      ),
    ),
    hidden: true,
  },
  models: { shape: shapes.any, isNewer: true },
  name: shapes.text,
  networks: shapes.map(network, NAME, true),
  secrets: shapes.map(secret, NAME),
  services: { shape: shapes.map(serviceShape, NAME), keepsZero: true },
  version: { shape: shapes.text, hidden: true },
  volumes: shapes.map(volume, NAME),
});
