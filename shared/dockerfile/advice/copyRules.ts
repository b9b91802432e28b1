import type { AdviceRule } from './Advice.ts';
import { copiesEverything } from './cacheOrderRule.ts';

const ARCHIVE = /\.(?:tar|tgz|tar\.(?:gz|bz2|xz|zst)|tbz2?|txz)$/i;
/** Files that hold secrets more often than not. */
const SECRET_FILE =
  /(?:^|\/)(?:\.env(?:\.[\w-]+)?|\.netrc|\.pypirc|\.npmrc|id_(?:rsa|dsa|ecdsa|ed25519)|[^/]+\.pem|credentials(?:\.json)?)$/i;
const IGNORED = [
  '.git',
  '.gitignore',
  '.env',
  '*.pem',
  '__pycache__',
  '*.pyc',
  '.venv',
  'node_modules',
  'build',
  'results',
];

/** ADD where COPY is meant: ADD also unpacks and downloads. */
export const addInsteadOfCopy: AdviceRule = ({ instructions, add }) => {
  for (const { keyword, flags, words, start, isExec, isHeredoc, rest } of instructions) {
    if (keyword !== 'ADD' || isHeredoc) continue;
    const sources = isExec
      ? (JSON.parse(rest) as string[]).slice(0, -1)
      : words.slice(0, -1).map(({ text }) => text);
    if (sources.length === 0 || sources.some((source) => ARCHIVE.test(source) || source.includes('$')))
      continue;
    const remote = sources.filter((source) => /^(?:https?:\/\/|git@|git:\/\/)/i.test(source));
    const own = flags.some(({ name }) => /^(?:checksum|keep-git-dir|unpack)$/.test(name));
    if (remote.length > 0) {
      if (own) continue;
      add({
        code: 'add-from-network',
        severity: 'info',
        start,
        end: start + keyword.length,
        message: 'ADD takes a file from the network without checking it.',
        explanation:
          'Give its digest (ADD --checksum=sha256:… URL /path, BuildKit only), or fetch, check and unpack it in one RUN.',
      });
      continue;
    }
    if (own) continue;
    add({
      code: 'add-instead-of-copy',
      severity: 'warning',
      start,
      end: start + keyword.length,
      message: 'ADD of plain files, where COPY is meant.',
      explanation: 'ADD unpacks archives and follows addresses; COPY does what it says.',
      fixes: [
        {
          id: 'write-copy',
          title: 'Write COPY',
          edits: [{ file: '', start, end: start + keyword.length, newText: 'COPY' }],
        },
      ],
    });
  }
};

/** Everything is copied, and nothing says what to leave out. */
export const missingIgnoreFile: AdviceRule = ({ stages, facts, add }) => {
  if (facts.hasIgnoreFile !== false) return;
  const copy = stages.flatMap(({ instructions }) => instructions).find(copiesEverything);
  if (copy === undefined) return;
  const secrets = (facts.contextPaths ?? []).filter((path) => SECRET_FILE.test(path));
  const file = facts.ignoreFile ?? '.dockerignore';
  add({
    code: 'missing-dockerignore',
    severity: secrets.length > 0 ? 'warning' : 'info',
    start: copy.start,
    end: copy.end,
    message:
      secrets.length > 0
        ? `${secrets.slice(0, 3).join(', ')} would be copied into the image: there is no .dockerignore.`
        : 'There is no .dockerignore: all of the folder is sent and copied.',
    explanation:
      'Results, data, .git and secrets then are part of the image, and each change of any of them runs the steps below anew.',
    fixes: [
      {
        id: 'create-dockerignore',
        title: `Create ${file}`,
        edits: [{ file, start: 0, end: 0, newText: `${IGNORED.join('\n')}\n` }],
      },
    ],
  });
};
