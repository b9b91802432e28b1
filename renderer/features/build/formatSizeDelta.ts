import { formatBytes } from './formatBytes.ts';

/** A change of size with its sign: `+1.4 MB`, `−812 B`, `±0`. */
export function formatSizeDelta(bytes: number): string {
  if (bytes === 0) return '±0';
  return `${bytes > 0 ? '+' : '−'}${formatBytes(Math.abs(bytes))}`;
}
