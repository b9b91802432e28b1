import type { ScheduleEntry } from './AutoscalePolicy.ts';

const MINUTES_OF_DAY = 24 * 60;

/** The entry whose time came last, within the week before; of two with one time the later in the list. */
export function scheduledNow(
  entries: readonly ScheduleEntry[],
  day: number,
  minuteOfDay: number,
): ScheduleEntry | undefined {
  let latest: { entry: ScheduleEntry; minutesAgo: number } | undefined;
  for (const entry of entries)
    for (const on of entry.days) {
      const daysAgo = (day - on + 7) % 7;
      const minutes = daysAgo * MINUTES_OF_DAY + minuteOfDay - entry.minuteOfDay;
      // Later today: it was a week ago.
      const minutesAgo = minutes < 0 ? minutes + 7 * MINUTES_OF_DAY : minutes;
      if (latest === undefined || minutesAgo <= latest.minutesAgo) latest = { entry, minutesAgo };
    }
  return latest?.entry;
}
