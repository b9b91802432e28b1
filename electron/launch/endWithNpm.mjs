const LOOK_MS = 500;

/**
 * Ends this program, as SIGTERM does, when the npm that runs it has gone: npm and its shell that are sent SIGTERM end without passing it on, and what
 * they started would stay. Where npm does not run it, it may outlive who started it.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_MS);
  timer.unref();
  // Who was told to end is at it: told twice, it would not put away first. What hears no signals ends as it would have.
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      clearInterval(timer);
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
}
