import { Findings } from '../Findings.ts';
import type { Located, LocatedMap } from '../Located.ts';
import { ParsedTexts } from '../ParsedTexts.ts';
import { profilesOf } from '../profilesOf.ts';
import { checkProject } from './checkProject.ts';
import { tellUnapplied } from './checks/tellUnapplied.ts';
import type { ConfigOutcome } from './ConfigOutcome.ts';
import type { ConfigRequest } from './ConfigRequest.ts';
import { encodeConfig } from './encode/encodeConfig.ts';
import type { Json } from './encode/Json.ts';
import { dropUnused } from './normalize/dropUnused.ts';
import { withServiceFiles } from './normalize/withServiceFiles.ts';
import { relativePath } from './paths/relativePath.ts';
import { projectShape } from './shapes/projectShape.ts';
import { loadProject } from './sources/loadProject.ts';

/**
 * A compose project as `docker compose config` resolves it (Compose specification; the words of the answer are those of compose 2.26.1): files
 * merged, `extends` and `include` followed, variables filled in, short forms written out, defaults set. Never throws for what is in
 * the files: what compose refuses is an error with its place, and there is no model then.
 */
export async function resolveConfig(request: ConfigRequest): Promise<ConfigOutcome> {
  const { files, folder, home } = request;
  const findings = new Findings(files);
  const shown = (path: string) => relativePath(folder, path);
  const loaded = await loadProject({
    findings,
    parsed: new ParsedTexts(),
    read: (path) => files.read(shown(path)),
    shown,
    folder,
    home,
    readsOn: false,
    refusesUnknownTags: false,
    folderName: folder.slice(folder.lastIndexOf('/') + 1),
    given: request.variables ?? new Map<string, string>(),
    composeFiles: request.composeFiles ?? [],
    envFiles: request.envFiles ?? [],
  });
  if (loaded?.paths.length === 0)
    findings.add({
      code: 'no-project',
      severity: 'error',
      file: '.',
      message: 'There is no compose file.',
      explanation: 'Looked for are compose.yaml, compose.yml, docker-compose.yml and docker-compose.yaml.',
    });
  const root = loaded?.root;
  if (loaded === undefined || root === undefined || findings.hasErrors) return refused(findings, root);
  const { root: enabled } = checkProject(root, loaded.context, request.profiles ?? []);
  if (findings.hasErrors) return refused(findings, root);
  const whole = dropUnused(await withServiceFiles(enabled, loaded.context));
  const encoded = encodeConfig(whole, projectShape, findings);
  if (findings.hasErrors) return refused(findings, root);
  tellUnapplied(whole, findings);
  return {
    model: encoded as { [key: string]: Json },
    yaml: inYamlOrder(encodeConfig(whole, projectShape, findings, 'yaml') as { [key: string]: Json }),
    profiles: allProfiles(root),
    diagnostics: findings.list(),
  };
}

/** Compose's JSON is sorted, its YAML begins with what matters most. */
function inYamlOrder({
  configs,
  networks,
  secrets,
  volumes,
  name,
  services,
  ...others
}: {
  [key: string]: Json;
}) {
  const parts = { name, services, networks, volumes, secrets, configs, ...others };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as {
    [key: string]: Json;
  };
}

function refused(findings: Findings, root: LocatedMap | undefined): ConfigOutcome {
  return {
    model: undefined,
    yaml: undefined,
    profiles: root === undefined ? [] : allProfiles(root),
    diagnostics: findings.list(),
  };
}

function allProfiles(root: Located): string[] {
  return [...new Set([...profilesOf(root).values()].flat())].sort();
}
