/** A moment of today, in local time. */
export const clock = (at: number): string => new Date(at).toTimeString().slice(0, 8);
