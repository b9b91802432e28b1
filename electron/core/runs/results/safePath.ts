import { win32 } from 'node:path';

const LONGEST_PART = 255;
const LONGEST_PATH = 4_096;
const DEEPEST = 200;
const WINDOWS_REFUSES = /[<>:"|?*\\\u0000-\u001f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * The parts of a path out of an archive that somebody else has written, below a folder of ours; or why it may not be written there: it would lead
 * out, or no file may be called so.
 */
export function safeParts(
  path: string,
  platform: NodeJS.Platform = process.platform,
): { parts: string[] } | { reason: string } {
  if (path.includes('\0')) return { reason: 'its name has a zero byte in it' };
  if (path.length > LONGEST_PATH) return { reason: 'its path is too long' };
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return { reason: 'its path leads out of the folder' };
  if (parts.length > DEEPEST) return { reason: 'it lies too deep' };
  if (parts.some((part) => Buffer.byteLength(part) > LONGEST_PART)) return { reason: 'its name is too long' };
  if (platform === 'win32' && (win32.isAbsolute(path) || parts.some((part) => WINDOWS_REFUSES.test(part))))
    return { reason: 'no file may be called so on this machine' };
  return { parts };
}
