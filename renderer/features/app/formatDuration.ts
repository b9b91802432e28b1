/** A duration in words, as coarse as it may be: `8 s`, `3 min`, `2 h 5 min`, `4 d 3 h`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** Milliseconds after which {@link formatDuration} of a running time says something new. */
export function nextChangeAfter(milliseconds: number): number {
  const unit = milliseconds < 60_000 ? 1000 : 60_000;
  return unit - (Math.max(0, milliseconds) % unit);
}
