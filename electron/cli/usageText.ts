const USAGE = `flotilla - run, scale and understand compute apps in containers

Usage: flotilla COMMAND [DIR] [options]

  check DIR                  problems of the project's files, as file:line:column
  config DIR                 the compose files as docker compose understands them: merged, filled in, written out
                             --services, --volumes, --images or --profiles (names only),
                             --file F (instead of compose.yaml, repeatable, relative to DIR), --env-file F,
                             --env NAME[=VALUE], --profile P
  build DIR [SERVICE...]     build the images                     --no-cache, --builder buildkit|buildx|classic,
                             --progress plain|json, --allow ITEM, --allow-dangers
  up DIR                     start everything, or what changed    --build, --no-build, --allow ITEM, --allow-dangers,
                             --remove-orphans, --retry-failed,
                             --wait (until all run and are healthy), --wait-timeout SECONDS
  run DIR                    up as a run of its own               --build, --allow ITEM, --name NAME, --tag TAG,
                             --wait (until main ends, then down; exit code 1 unless it went well), --keep (stop only),
                             --collect (and until the results are copied), --timeout 1h,
                             --assert (exit code 1 unless it meets the file's requirements of time, memory, core-seconds)
  runs [DIR]                 the runs and studies there were      --filter "tag:x is:failed kind:study word", --limit N, --all
  runs show|delete|rerun ID  one of them: all about it, away with it, again from its very images
  runs compare ID ID         what was different
  runs export ID             to a folder or an archive            --output FOLDER|FILE.tar
  runs annotate ID           --name NAME, --note TEXT, --tag TAG ("" takes away)
  plan DIR                   what up would do, and why            --remove-orphans, --retry-failed
  placement DIR              which CPUs, NUMA nodes and GPUs each replica gets, and which are short
                             --workers N (as if there were so many; exit code 1 where one can have no place)
  ps DIR                     the app's containers
  scale DIR SERVICE=N...     change the number of replicas
  autoscale DIR [SERVICE...] scale by CPU, queue or schedule, as the file says, until Ctrl-C
                             --min N, --max N, --cpu PERCENT, --interval 5s, --verbose
  study DIR --workers 1,2,4  how the app scales: speedup, efficiency, fits, verdict
                             --reps N (7), --quick (3), --max-reps N (more runs while the interval is wide),
                             --cpus-per-worker N (bound to them), --mode strong|weak, --service NAME, --seed N,
                             --cooldown 1s, --timeout 10m (of a run), --from TEXT, --to TEXT (lines of the log that
                             begin and end the time), --name NAME, --compare NAME, --resume,
                             --assert (exit code 1 unless the file's requirements are met), --junit FILE,
                             --report FILE.html, --svg FILE (plots), --runs FILE (all of them, CSV), --measures FILE (CSV),
                             --price P (of a core-hour), --gpu-price P, --forecast 16,32 (what a run with so many takes and costs),
                             --build (first; otherwise only what is missing is), --allow ITEM
  studies DIR                the studies of an app                show ID, compare BEFORE AFTER (ids),
                             export ID with --report, --svg, --runs, --measures; --price, --forecast
  sweep DIR [PARAMS.csv]     a job for each row: a container with the parameters in its environment
                             --grid seed=1..5 (repeatable: all combinations), --service NAME, --jobs N (at once),
                             --retries N, --timeout 10m (of a try), --command "solve --seed {seed}",
                             --column 'loss=loss ([0-9.]+)' (from the log), --result 'loss=out.json:a.b[0]',
                             --name NAME, --csv, --output FILE.csv|FILE.json, --allow ITEM
  sweep DIR --resume [ID]    go on where it was broken off       --retry-failed
  sweeps DIR                 the sweeps of an app                show ID, log ID JOB, delete ID...,
                             export ID --output FILE.csv|FILE.json
  metrics DIR [SERVICE...]   cores, throttling, memory, network, disk and GPUs of each worker
                             --watch (every second, and names workers that lag), --csv, --prometheus
  door DIR                   keep main's control door open, and tell what it asks for, until Ctrl-C
  logs DIR [SERVICE...]      the merged log of all workers, oldest first: everything, or
                             --tail N (of each worker), --since 10m|2026-11-24T08:00:00Z
                             --follow, --grep RE, --level warn (and above), --service NAME, --timestamps
  stop DIR                   stop, keep the containers
  down DIR                   stop and remove                      --volumes
  images                     the engine's images, newest first
  pull IMAGE...              get images from their registries, with the sign-in of docker's configuration
  push IMAGE...              send images to the registries in their names
  engine ls|start|stop       engines that answer; Flotilla's own engine
  serve                      Flotilla in the browser, on 127.0.0.1  --port N, --open

Options of every command
  --json                     machine-readable output
  --host ADDRESS             use this engine only, e.g. unix:///var/run/docker.sock
  --data FOLDER              where Flotilla keeps its own files
  --help, --version

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the project has errors, 4 no engine, 5 consent needed, 130 interrupted
`;

/** The lines of a command begin here, those that go on with one further in. */
const ENTRY = /^ {2}(?=[a-z])/;

/**
 * What `--help` prints: of one command its own lines and the options that every command has, of none or an unknown one everything.
 * @param command its name, as in `study`
 */
export function usageText(command?: string): string {
  const all = USAGE.trimEnd().split('\n');
  const begin = all.findIndex((line) => ENTRY.test(line));
  const end = all.indexOf('', begin);
  let isOwn = false;
  const own = all.slice(begin, end).filter((line) => {
    if (ENTRY.test(line)) isOwn = line.trim().split(' ', 1)[0] === command;
    return isOwn;
  });
  return (
    own.length === 0 ? all : ['Usage: flotilla COMMAND [DIR] [options]', '', ...own, ...all.slice(end)]
  ).join('\n');
}
