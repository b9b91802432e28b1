import { EngineWitness } from '../lab/EngineWitness.ts';
import type { LabEngine } from '../lab/LabEngine.ts';

const AT_ONCE = 16;

/** `GET /containers/{id}/json` (Docker Engine API 1.41), as far as a container is made again from it. */
interface Made {
  Config: { Labels: Record<string, string> };
  HostConfig: object;
  NetworkSettings: { Networks: Record<string, { Aliases?: string[] | null }> };
}

/**
 * What the engine alone takes: as many more containers like one that runs, made and started by bare requests, then stopped and removed,
 * with nobody who watches, lists or keeps anything. Milliseconds.
 */
export async function bareRoundTrip(
  engine: LabEngine,
  like: string,
  count: number,
): Promise<{ up: number; down: number }> {
  const witness = new EngineWitness(engine.host);
  const { Config, HostConfig, NetworkSettings } = await witness.ask<Made>('GET', `/containers/${like}/json`);
  const EndpointsConfig = Object.fromEntries(
    Object.entries(NetworkSettings.Networks).map(([name, { Aliases }]) => [name, { Aliases: Aliases ?? [] }]),
  );
  const body = { ...Config, Labels: { bench: 'bare' }, HostConfig, NetworkingConfig: { EndpointsConfig } };
  const ids: string[] = [];
  const up = await timed(count, async (index) => {
    const { Id } = await witness.ask<{ Id: string }>('POST', `/containers/create?name=bare-${index}`, {
      body,
    });
    await witness.ask('POST', `/containers/${Id}/start`);
    ids.push(Id);
  });
  const down = await timed(count, async (index) => {
    await witness.ask('POST', `/containers/${ids[index]}/stop`);
    await witness.ask('DELETE', `/containers/${ids[index]}?v=true&force=true`);
  });
  return { up, down };
}

async function timed(count: number, work: (index: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return performance.now() - began;
}
