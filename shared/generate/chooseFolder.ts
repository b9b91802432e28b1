import type { Choices } from './Choices.ts';
import { detectPrograms } from './detectPrograms.ts';
import { depthOf, scanBelow } from './FolderScan.ts';
import type { GenerateInput, WantedDockerfile } from './GenerateInput.ts';
import { isManifest, wantedTexts } from './wantedTexts.ts';

/** Confidence from which a subfolder is offered: it has a list of packages or a build file of its own. */
const SURE = 0.8;
/** By how much a subfolder must be surer than the folder itself. */
const CLEARLY = 0.1;
const MOST_FOLDERS = 20;

/** Where the Dockerfile goes: where the compose file wants one, else the root, else the subfolder that holds a program. */
export function chooseFolder(input: GenerateInput, choices: Choices): WantedDockerfile {
  const at = (context: string): WantedDockerfile => ({
    context,
    dockerfile: 'Dockerfile',
    stages: [],
    exists: false,
  });
  const missing = input.wanted.filter(({ exists }) => !exists);
  const found = [...(missing.length > 0 ? missing : input.wanted)];
  if (found.length === 0) {
    const best = detectPrograms(input.scan)[0]?.finding.confidence ?? 0;
    const below = programFolders(input);
    // Sources alone are recognised from above, too; a subfolder goes first only for saying clearly more.
    const isBelow = (below[0]?.confidence ?? 0) > best + CLEARLY;
    const folders = below.map(({ folder }) => folder);
    found.push(...(isBelow ? [...folders, '.'] : ['.', ...folders]).map(at));
  }
  const [first] = found;
  if (first === undefined || found.length === 1) return first ?? at('.');
  const value = choices.offer({
    id: 'folder',
    label: 'Folder',
    value: first.context,
    options: found.map(({ context }) => ({
      value: context,
      label: context === '.' ? 'The project folder' : context,
    })),
    explanation:
      input.wanted.length > 0
        ? `${input.composeFile ?? 'The compose file'} builds from here${missing.length > 0 ? ', and there is no Dockerfile' : ''}.`
        : 'Subfolders with a list of packages or a build file of their own can be built alone.',
  });
  return found.find(({ context }) => context === value) ?? first;
}

/** Subfolders that say surely what they hold, the surest first. */
function programFolders({ scan }: GenerateInput): { folder: string; confidence: number }[] {
  const folders = new Set(
    wantedTexts(scan.paths)
      .filter((path) => depthOf(path) >= 1 && depthOf(path) <= 2 && isManifest(path))
      .map((path) => path.slice(0, path.lastIndexOf('/'))),
  );
  return [...folders]
    .slice(0, MOST_FOLDERS)
    .map((folder) => ({
      folder,
      confidence: detectPrograms(scanBelow(scan, folder))[0]?.finding.confidence ?? 0,
    }))
    .filter(({ confidence }) => confidence >= SURE)
    .sort((left, right) => right.confidence - left.confidence);
}
