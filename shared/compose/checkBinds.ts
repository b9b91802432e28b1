import type { ProjectFiles } from './ComposeApi.ts';
import type { Findings } from './Findings.ts';
import { isInside, pathInside } from './readDangers.ts';
import type { ReadService } from './readService.ts';

/** Tells folders and files of the project that services mount and that are not there. */
export async function checkBinds(
  services: readonly ReadService[],
  files: ProjectFiles,
  findings: Findings,
): Promise<void> {
  for (const { model, mounts } of services) {
    for (const { mount, node } of mounts) {
      if (mount.kind !== 'bind' || !isInside(mount.source)) continue;
      const path = pathInside(mount.source);
      if (path === '') continue;
      const found = await files.read(path);
      if (found.ok || found.reason !== 'missing') continue;
      findings.add({
        code: 'missing-bind-source',
        severity: 'error',
        file: node.file,
        start: node.start,
        end: node.end,
        service: model.name,
        message: `${model.name} mounts ${mount.source}, which does not exist.`,
        explanation:
          'The engine would refuse it (or, in the short form, create an empty folder that belongs to root). Create it, or correct the path.',
      });
    }
  }
}
