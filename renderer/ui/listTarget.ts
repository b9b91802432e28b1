/**
 * Where a key leads in a list that is gone through by keys: arrows by one, Page Up and Page Down by a screen, Home and End to its ends. Undefined for any
 * other key, and in an empty list.
 *
 * @param at of the chosen entry, -1 for none
 * @param visible entries that fit on the screen
 */
export function listTarget(key: string, at: number, count: number, visible: number): number | undefined {
  const page = Math.max(1, Math.floor(visible) - 1);
  const wanted: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  };
  const next = wanted[key];
  return next === undefined || count === 0 ? undefined : Math.min(count - 1, Math.max(0, next));
}
