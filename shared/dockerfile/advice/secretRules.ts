import type { AdviceRule } from './Advice.ts';

/** The words of a name that tell of a secret: `DB_PASSWORD`, `githubToken`, but not `AUTHOR`, `MONKEY` or `TOKENIZERS`. */
const SECRET_WORD =
  /^(?:pass|passwd|password|passphrase|pwd|secret|secrets|token|key|apikey|secretkey|accesskey|credential|credentials|creds|auth)$/i;
/** Names of things that only point to a secret, or are public by nature. */
const HARMLESS = /(?:_(?:FILE|PATH|DIR|URL|NAME|ID|SOCK|TYPE|METHOD|HEADER)|PUBLIC_?KEY|GPG_?KEY)S?$/i;
const PLAIN_VALUE = /^(?:|true|false|yes|no|on|off|none|null|\d+(?:\.\d+)?)$/i;

/** Passwords and the like in ARG and ENV: everybody who has the image can read them. */
export const secretInImage: AdviceRule = ({ instructions, add }) => {
  for (const { keyword, rest, restStart } of instructions) {
    if (keyword !== 'ARG' && keyword !== 'ENV') continue;
    for (const { name, value, start } of assignments(keyword, rest)) {
      const hasLogin = /:\/\/[^/\s:@$]+:[^/\s@$]+@/.test(value);
      if (!hasLogin && !isSecretName(name)) continue;
      const isHarmless = keyword === 'ENV' && PLAIN_VALUE.test(value.replaceAll(/^["']|["']$/g, ''));
      if (!hasLogin && isHarmless) continue;
      add({
        code: 'secret-in-image',
        severity: 'warning',
        start: restStart + start,
        end: restStart + start + name.length,
        message: hasLogin
          ? `The value of ${name} holds a user name and a password.`
          : `${keyword} ${name} looks like a secret.`,
        explanation: `${keyword === 'ARG' ? 'Build arguments stand' : 'It stands'} in the image’s history, readable by everyone who has the image. While building use RUN --mount=type=secret,id=${name.toLowerCase()} …; while running give it as an environment variable or secret of the service.`,
      });
    }
  }
};

function isSecretName(name: string): boolean {
  if (HARMLESS.test(name)) return false;
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .split('_')
    .some((word) => SECRET_WORD.test(word));
}

function assignments(keyword: string, rest: string): { name: string; value: string; start: number }[] {
  const pairs = [...rest.matchAll(/(?:^|\s)([A-Za-z_][\w.-]*)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)/g)].map(
    (match) => ({
      name: match[1] ?? '',
      value: match[2] ?? '',
      start: match.index + match[0].indexOf(match[1] ?? ''),
    }),
  );
  if (keyword === 'ENV') {
    // The old form: one name, a blank, and all the rest is its value.
    const old = /^([A-Za-z_]\w*)\s+(.*)$/s.exec(rest);
    return old !== null && pairs[0]?.start !== 0
      ? [{ name: old[1] ?? '', value: old[2] ?? '', start: 0 }]
      : pairs;
  }
  const bare = [...rest.matchAll(/(?:^|\s)([A-Za-z_]\w*)(?=\s|$)/g)].map((match) => ({
    name: match[1] ?? '',
    value: '',
    start: match.index + match[0].length - (match[1] ?? '').length,
  }));
  return [...pairs, ...bare];
}
