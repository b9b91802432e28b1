import { FileDraft } from './FileDraft.ts';
import type { FolderScan } from './FolderScan.ts';

const SOURCE = /\.(py|c|cc|cpp|cxx|h|hpp|cu|f|f90|f95|f03|f08|jl|r|rs|go|js|mjs|ts|java|kt)$/i;
const DATA = ['data', 'dataset', 'datasets', 'input', 'inputs'];
const RESULTS = ['results', 'result', 'output', 'outputs', 'logs', 'checkpoints', 'wandb', 'mlruns'];

/** Folders of the project that look like data to work on and hold no code. */
export function dataFolders(scan: FolderScan): string[] {
  return scan.folders.filter((folder) => DATA.includes(folder.toLowerCase()) && !holdsCode(scan, folder));
}

/** A folder called `output` may as well be a package. */
function holdsCode(scan: FolderScan, folder: string): boolean {
  return scan.paths.some((path) => path.startsWith(`${folder}/`) && SOURCE.test(path));
}

/**
 * What stays out of the build.
 * @param language patterns of the language
 * @param excludesData data folders are mounted, not copied
 */
export function ignoreFile(scan: FolderScan, language: readonly string[], excludesData: boolean): FileDraft {
  const draft = new FileDraft();
  draft.add(
    '# What the build does not get: it makes every build slower, and every change of it spoils the cache.\n.git\n.github\n.hg\n.svn\n**/.DS_Store\n.vscode\n.idea',
    'History and settings of editors: often larger than the project, never needed to run it.',
  );
  draft.add(
    'Dockerfile\n*.Dockerfile\nDockerfile.*\n.dockerignore\ncompose*.yaml\ncompose*.yml\ndocker-compose*.yaml\ndocker-compose*.yml',
    'A change of these must not spoil the cache of the sources.',
  );
  draft
    .gap()
    .add(
      '# Secrets\n.env\n.env.*\n**/*.pem\n**/*.key\n**/id_rsa*\n**/id_ed25519*',
      'What is copied into an image can be read by everybody who gets the image.',
    );
  if (language.length > 0)
    draft
      .gap()
      .add(
        `# What the tools make anew\n${language.filter((line) => !holdsCode(scan, line) || !['env', 'bin', 'out'].includes(line)).join('\n')}`,
        'Made on your machine, for your machine: in the image it is made again.',
      );
  const data = excludesData ? dataFolders(scan) : [];
  const results = RESULTS.filter((folder) => !holdsCode(scan, folder));
  draft
    .gap()
    .add(
      `# Data and results\n${[...data, ...results, '**/*.log'].join('\n')}`,
      data.length === 0
        ? 'Results of earlier runs do not belong into an image.'
        : 'Data is mounted when the program runs; results of earlier runs do not belong into an image.',
    );
  return draft;
}
