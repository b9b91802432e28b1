import type { FileText, ProjectFiles } from './ComposeApi.ts';
import { type LoadedProject, loadProject } from './config/sources/loadProject.ts';
import type { Findings } from './Findings.ts';
import { ParsedTexts } from './ParsedTexts.ts';
import { projectName } from './projectName.ts';
import { isInside } from './readDangers.ts';

/**
 * The compose project of a folder as the app reads it: as compose does, but past what compose refuses, with the values of its own `.env` alone
 * and nothing from outside of the folder. What is wrong is told.
 * @param parsed its texts, for who parses some of them as well
 */
export async function loadProjectFiles(
  files: ProjectFiles,
  findings: Findings,
  parsed = new ParsedTexts(),
): Promise<LoadedProject | undefined> {
  return loadProject({
    findings,
    parsed,
    read: (path) => readInside(files, path),
    shown: (path) => path,
    folder: '.',
    home: undefined,
    readsOn: true,
    refusesUnknownTags: true,
    folderName: projectName(files.folderName),
    given: new Map(),
    composeFiles: [],
    envFiles: [],
  });
}

function readInside(files: ProjectFiles, path: string): Promise<FileText> {
  return isInside(path)
    ? files.read(path)
    : Promise.resolve({ ok: false, reason: 'outside', message: `${path} lies outside the project.` });
}
