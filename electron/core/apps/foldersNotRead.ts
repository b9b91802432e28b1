/** Folders that tools fill and that hold nothing a person wrote for the project: they are not looked into. */
export const FOLDERS_NOT_READ: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  '.venv',
  'venv',
  '__pycache__',
  '.tox',
  '.cache',
]);
