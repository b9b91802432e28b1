import { FlotillaError } from '#shared/contract/errors.ts';
import type { EndpointProbe } from '#shared/domain/Engine.ts';
import type { CommandContext } from './runCommand.ts';

/** TLS keys are nobody's business on a terminal. */
function withoutKeys(probe: EndpointProbe): EndpointProbe {
  const { id, source, name, host } = probe.endpoint;
  return { ...probe, endpoint: { id, source, name, host } };
}

/** `flotilla engine ls|start|stop`. `ls` answers 4 when no engine does. */
export async function engineCommand({ command, core, output, signal }: CommandContext): Promise<number> {
  const [verb, ...more] = command.words;
  if (more.length > 0 || !['ls', 'start', 'stop'].includes(verb ?? '')) {
    throw new FlotillaError('invalid-input', `“engine ${command.words.join(' ')}” is not known.`, {
      hint: 'flotilla engine ls, start or stop.',
      detail: { usage: true },
    });
  }
  if (verb === 'ls') {
    const [probes, embedded] = await Promise.all([core.engine.list(), core.engine.embedded.status()]);
    const engines = probes.map(withoutKeys);
    const text = engines.map((probe) => {
      const what = probe.answered
        ? `${probe.product} ${probe.version} (API ${probe.apiVersion})`
        : `no: ${probe.reason.message}`;
      return `${probe.answered ? '*' : ' '} ${probe.endpoint.name}  ${probe.endpoint.host}\n    ${what}`;
    });
    if (embedded.state === 'missing')
      text.push(`No engine is installed. On ${embedded.distribution}: ${embedded.installCommand}`);
    output.result({ engines, embedded }, text.join('\n'));
    return engines.some((probe) => probe.answered) ? 0 : 4;
  }
  const status =
    verb === 'start' ? await core.engine.embedded.start(signal) : await core.engine.embedded.stop();
  if (status.state === 'missing') {
    throw new FlotillaError('engine-unavailable', 'Neither dockerd nor podman is installed.', {
      hint: `On ${status.distribution}: ${status.installCommand}`,
    });
  }
  if (status.state === 'unsupported') throw new FlotillaError('engine-unsupported', status.reason);
  if (status.state === 'failed') throw FlotillaError.fromShape(status.reason);
  output.result(
    { embedded: status },
    status.state === 'running'
      ? `${status.program} runs at ${status.host} (pid ${status.pid})`
      : `${status.program} is ${status.state}`,
  );
  return 0;
}
