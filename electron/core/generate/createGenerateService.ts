import { basename } from 'node:path';
import { COMPOSE_NAMES } from '#shared/compose/composeNames.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import { proposeFiles } from '#shared/generate/proposeFiles.ts';
import type { AppsService } from '../apps/AppsApi.ts';
import { NodeProjectFiles } from '../apps/NodeProjectFiles.ts';
import { realFolder } from '../apps/realFolder.ts';
import type { GenerateService } from './GenerateApi.ts';
import { wantedDockerfiles } from './wantedDockerfiles.ts';
import { scanFolder } from './scanFolder.ts';
import { writeGenerated } from './writeGenerated.ts';

/** Proposes files for project folders and writes them. */
export function createGenerateService({
  apps,
}: {
  apps: Pick<AppsService, 'project' | 'reload'>;
}): GenerateService {
  return {
    async propose(appId, { finding, choices }) {
      const { path, model } = apps.project(appId);
      const root = await realFolder(path);
      const files = new NodeProjectFiles(root);
      const scan = await scanFolder(root, basename(root));
      const composeFile = COMPOSE_NAMES.find((name) => scan.paths.includes(name));
      const proposal = proposeFiles({
        scan,
        composeFile,
        // Without a compose file the model is made of the Dockerfiles themselves.
        wanted: await wantedDockerfiles(composeFile === undefined ? undefined : model, async (file) => {
          const read = await files.read(file);
          return read.ok || read.reason !== 'missing';
        }),
        choices: choices ?? {},
        finding,
      });
      for (const file of proposal.files) {
        const present = await files.read(file.path);
        if (present.ok) file.present = present.text;
        else if (present.reason !== 'missing')
          throw new FlotillaError(
            'conflict',
            `${present.message} It stands where ${file.path} would be written.`,
            {
              hint: 'Rename or remove it, then generate again.',
            },
          );
      }
      return proposal;
    },
    async write(appId, files) {
      const root = await realFolder(apps.project(appId).path);
      await writeGenerated(root, files);
      return apps.reload(appId);
    },
  };
}
