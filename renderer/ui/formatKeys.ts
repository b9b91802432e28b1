const isMac = () => /mac/i.test(globalThis.navigator?.platform ?? '');

const MAC: Record<string, string> = { mod: '⌘', shift: '⇧', alt: '⌥', ctrl: '⌃', enter: '↩' };
const OTHER: Record<string, string> = {
  mod: 'Ctrl',
  shift: 'Shift',
  alt: 'Alt',
  ctrl: 'Ctrl',
  enter: 'Enter',
};
const NAMES: Record<string, string> = {
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  space: 'Space',
  comma: ',',
  plus: '+',
};

/** Splits a shortcut such as `mod+shift+k` into the key caps this platform prints. */
export function formatKeys(keys: string): string[] {
  const names = isMac() ? MAC : OTHER;
  return keys
    .split('+')
    .map((key) => names[key] ?? NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}
