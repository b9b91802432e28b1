// The peer of metrics-64: a stream of stats for each container that is named, each answer parsed with JSON.parse, as plainly as
// it can be done. Arguments: the engine's socket, then ids. Prints the number of answers at each line it is sent.
import http from 'node:http';

const [socketPath, ...ids] = process.argv.slice(2);
let answers = 0;
let cores = 0;

for (const id of ids)
  http.get({ socketPath, path: `/containers/${id}/stats?stream=true`, agent: false }, (response) => {
    let held = '';
    response.setEncoding('utf8');
    response.on('data', (text) => {
      const lines = (held + text).split('\n');
      held = lines.pop();
      for (const line of lines) {
        const stats = JSON.parse(line);
        cores += stats.cpu_stats.cpu_usage.total_usage - stats.precpu_stats.cpu_usage.total_usage;
        answers += 1;
      }
    });
  });

process.stdin.on('data', () => process.stdout.write(`${answers} ${cores > -1}\n`));
process.stdin.on('end', () => process.exit(0));
