/** A past moment as short as it may be: `14:03:21` today, `Mon 14:03` this week, `3 Nov 14:03`, `3 Nov 2024`. */
export function formatWhen(time: number, now: number): string {
  const date = new Date(time);
  const today = new Date(now);
  const day = (of: Date) => new Date(of.getFullYear(), of.getMonth(), of.getDate()).getTime();
  const daysAgo = Math.round((day(today) - day(date)) / 86_400_000);
  if (daysAgo === 0) return date.toLocaleTimeString('en-GB');
  const clock = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (daysAgo > 0 && daysAgo < 7) return `${date.toLocaleDateString('en-GB', { weekday: 'short' })} ${clock}`;
  if (date.getFullYear() === today.getFullYear())
    return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${clock}`;
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}
