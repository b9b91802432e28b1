import { shapes } from './shapes.ts';

/** One of a service's `volumes`. */
export const mountShape = shapes.either(
  shapes.text,
  shapes.object(
    {
      type: shapes.text,
      source: shapes.text,
      target: shapes.text,
      read_only: shapes.flag,
      consistency: shapes.text,
      bind: shapes.object({
        selinux: shapes.textOneOf('z', 'Z'),
        propagation: shapes.text,
        create_host_path: shapes.flag,
        recursive: shapes.textOneOf('enabled', 'disabled', 'writable', 'readonly'),
      }),
      volume: shapes.object({
        labels: { shape: shapes.labels, isNewer: true },
        nocopy: shapes.flag,
        subpath: shapes.text,
      }),
      tmpfs: shapes.object({
        size: shapes.either({ ...shapes.wholeBytes, least: 0 }),
        mode: shapes.number,
      }),
      image: { shape: shapes.object({ subpath: shapes.text }), isNewer: true },
    },
    { required: ['type'] },
  ),
);
