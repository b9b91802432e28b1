import { hookShape } from './hookShape.ts';
import { shapes } from './shapes.ts';

/** `develop` of a service (Compose Develop Specification). */
export const developShape = shapes.object(
  {
    watch: shapes.list(
      shapes.object(
        {
          path: shapes.text,
          action: shapes.textOneOf('rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'),
          target: shapes.text,
          exec: { shape: hookShape, absent: () => ({ command: null }) },
          include: { shape: shapes.textOrPlainTexts, isNewer: true },
          ignore: shapes.plainTexts,
          initial_sync: { shape: shapes.flag, isNewer: true },
        },
        { required: ['path', 'action'] },
      ),
    ),
  },
  { nullable: true },
);
