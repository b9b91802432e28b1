/** A mount as its short form says it. */
export interface VolumeText {
  type: 'bind' | 'volume';
  source?: string | undefined;
  target: string;
  readOnly: boolean;
  nocopy: boolean;
  propagation?: string | undefined;
  selinux?: string | undefined;
  /** One or two characters say nothing but the target: compose gives them no options of a volume. */
  bare: boolean;
}

const PROPAGATIONS = new Set(['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']);

/**
 * `[SOURCE:]TARGET[:OPTIONS]` (Compose specification, services, volumes). A source that begins with `.`, `/`, `~`, `\\` or a drive
 * letter is a path of the host, any other the name of a volume. Unknown options are passed over, as compose does.
 */
export function parseVolumeText(text: string): VolumeText | { problem: string } {
  const volume: VolumeText = { type: 'volume', target: '', readOnly: false, nocopy: false, bare: false };
  if (text === '') return { problem: 'it is empty' };
  if (text.length <= 2) return { ...volume, target: text, bare: true };
  const parts = splitAtColons(text);
  if (parts.includes('')) return { problem: 'a part between the colons is empty' };
  if (parts.length > 3) return { problem: 'it has too many colons' };
  const [first = '', second, options = ''] = parts;
  if (second === undefined) return { ...volume, target: first };
  const result: VolumeText = {
    ...volume,
    type: isPath(first) ? 'bind' : 'volume',
    source: first,
    target: second,
  };
  for (const option of options.split(',')) {
    if (option === 'ro') result.readOnly = true;
    else if (option === 'rw') result.readOnly = false;
    else if (option === 'nocopy') result.nocopy = true;
    else if (PROPAGATIONS.has(option)) result.propagation = option;
    else if (option === 'z' || option === 'Z') result.selinux = option;
  }
  return result;
}

/** A colon after one letter at the beginning of a part is a Windows drive's. */
function splitAtColons(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (const char of text) {
    if (char === ':' && !/^\p{L}$/u.test(part)) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  return [...parts, part];
}

function isPath(source: string): boolean {
  return /^[./~]/.test(source) || source.startsWith('\\\\') || /^\p{L}:/u.test(source);
}
