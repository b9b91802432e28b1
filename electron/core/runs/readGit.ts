import { execFile } from 'node:child_process';
import { MOST_CHANGED_FILES, type RunGit } from '#shared/domain/Run.ts';

const LIMIT_MS = 5_000;
const MOST_OUTPUT = 8 * 1024 ** 2;
/** A filter of the repository's own would be run by a look at its files. */
const RUNS_PROGRAMS = /^filter\..*\.(clean|process|smudge)$/i;
/** Whatever a repository sets, no program of its is started: no monitor, no hook, nothing fetched. */
const SETTINGS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.untrackedCache=false',
  'protocol.allow=never',
];

/**
 * Commit and changes of a project folder, by the `git` program. Nothing that the repository asks to be run is run; one that belongs to
 * another user is refused by git itself (safe.directory). Never rejects.
 */
export async function readGit(folder: string, signal?: AbortSignal): Promise<RunGit> {
  const git = (...words: string[]): Promise<string> => run(folder, words, signal);
  try {
    const commit = (await git('rev-parse', '--verify', 'HEAD')).trim();
    const branch = (await git('rev-parse', '--abbrev-ref', 'HEAD')).trim();
    const known = { known: true, commit, ...(branch === 'HEAD' ? {} : { branch }) } as const;
    if (await runsPrograms(git)) return { ...known, changed: [] };
    const status = await git(
      'status',
      '--porcelain=v1',
      '-z',
      '--no-renames',
      '--untracked-files=normal',
      '--ignore-submodules=all',
      '--',
      '.',
    );
    const changed = status
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => line.slice(3));
    return { ...known, dirty: changed.length > 0, changed: changed.slice(0, MOST_CHANGED_FILES) };
  } catch (error) {
    return { known: false, reason: reasonOf(error as Failure) };
  }
}

/** Whether the repository itself, not its user, sets a program that git would run to look at files. */
async function runsPrograms(git: (...words: string[]) => Promise<string>): Promise<boolean> {
  const listed = (await git('config', '--list', '--show-scope', '--name-only', '-z')).split('\0');
  return listed.some((name, at) => {
    const scope = listed[at - 1];
    return RUNS_PROGRAMS.test(name) && scope !== 'global' && scope !== 'system';
  });
}

interface Failure extends Error {
  code?: string | number;
  killed?: boolean;
  stderr?: string;
}

function reasonOf({ code, killed, stderr = '', message }: Failure): string {
  if (code === 'ENOENT') return 'git is not installed';
  if (killed === true) return 'git took too long';
  if (/not a git repository/i.test(stderr)) return 'the folder is in no git repository';
  if (/dubious ownership/i.test(stderr)) return 'the repository belongs to another user';
  if (/needed a single revision|unknown revision/i.test(stderr)) return 'the repository has no commit yet';
  return stderr.trim().split('\n')[0] ?? message;
}

function run(folder: string, words: string[], signal: AbortSignal | undefined): Promise<string> {
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    LC_ALL: 'C',
  };
  return new Promise((resolve, reject) => {
    execFile(
      'git',
      ['-C', folder, ...SETTINGS.flatMap((setting) => ['-c', setting]), ...words],
      { env, timeout: LIMIT_MS, maxBuffer: MOST_OUTPUT, windowsHide: true, signal },
      (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(Object.assign(error, { stderr })),
    );
  });
}
