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
}
