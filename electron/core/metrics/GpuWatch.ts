import { execFile } from 'node:child_process';
import type { Disposable } from '#shared/domain/Disposable.ts';
import type { GpuReading } from '#shared/domain/Metrics.ts';
import { NVIDIA_SMI, parseNvidiaSmi } from '#shared/metrics/parseNvidiaSmi.ts';
import { Limiter } from '../apps/Limiter.ts';
import { runInContainer } from '../autoscale/runInContainer.ts';
import type { ContainerRecord, EngineClient } from '../engine/EngineApi.ts';
import type { AppMeters } from './AppMeters.ts';

const INTERVAL_MS = 5_000;
const PATIENCE_MS = 4_000;
const MOST_BYTES = 256 * 1024;
const AT_ONCE = 4;

interface Inspection {
  HostConfig?: { Runtime?: string; DeviceRequests?: { Capabilities?: string[][]; Driver?: string }[] | null };
  Config?: { Env?: string[] | null };
}

/**
 * What GPUs do, by `nvidia-smi`: of the machine, where the engine is on this one; of a worker, inside its container, where its service was given
 * GPUs. A machine or a service without the program is not asked again.
 */
export class GpuWatch implements Disposable {
  readonly #ended = new AbortController();
  readonly #limiter = new Limiter(() => AT_ONCE);
  /** Services by what their containers were given, as `app/service`. */
  readonly #services = new Map<string, Promise<boolean>>();
  #machineHas: boolean | undefined;
  #nextMs = 0;
  #isBusy = false;

  /** Reads again where it is time; called about once a second for each app that is looked at. */
  async lookAround(apps: readonly AppMeters[], client: EngineClient): Promise<void> {
    const now = performance.now();
    if (this.#isBusy || now < this.#nextMs || apps.length === 0) return;
    this.#isBusy = true;
    this.#nextMs = now + INTERVAL_MS;
    try {
      await Promise.all([
        this.#readMachine(apps, client),
        ...apps.flatMap((app) => app.running.map((record) => this.#readWorker(app, record, client))),
      ]);
    } finally {
      this.#isBusy = false;
    }
  }

  dispose(): void {
    this.#ended.abort();
  }

  async #readMachine(apps: readonly AppMeters[], client: EngineClient): Promise<void> {
    if (this.#machineHas === false || !client.endpoint.host.startsWith('unix://')) return;
    const gpus = await askMachine(this.#ended.signal);
    if (this.#machineHas === undefined) this.#machineHas = gpus !== undefined && gpus.length > 0;
    if (gpus !== undefined && gpus.length > 0) for (const app of apps) app.noteGpus(gpus);
  }

  async #readWorker(app: AppMeters, record: ContainerRecord, client: EngineClient): Promise<void> {
    const key = `${app.appId}/${record.service}`;
    let asked = this.#services.get(key);
    if (asked === undefined) {
      asked = hasGpus(client, record.id);
      this.#services.set(key, asked);
    }
    if (!(await asked)) return;
    await this.#limiter.run(async () => {
      const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(PATIENCE_MS)]);
      try {
        const { output, exitCode } = await runInContainer(client, record.id, NVIDIA_SMI, {
          mostBytes: MOST_BYTES,
          signal,
        });
        const gpus = parseNvidiaSmi(output);
        // An image without the program, or a driver without a GPU.
        if (exitCode !== 0 || gpus.length === 0) this.#services.set(key, Promise.resolve(false));
        else app.gpuUse.set(record.id, { ...summed(gpus), readAt: performance.now() });
      } catch {
        // It has ended meanwhile, or takes long: the next time again.
      }
    });
  }
}

function summed(gpus: readonly GpuReading[]): { utilisation: number; memoryBytes: number } {
  const sum = (values: readonly (number | null)[]): number => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? Number.NaN : known.reduce((total, value) => total + value, 0);
  };
  return {
    utilisation: sum(gpus.map(({ utilisation }) => utilisation)),
    memoryBytes: sum(gpus.map(({ memoryBytes }) => memoryBytes)),
  };
}

/** Undefined where there is no such program, or it fails. */
function askMachine(signal: AbortSignal): Promise<GpuReading[] | undefined> {
  const [program, ...args] = NVIDIA_SMI;
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { timeout: PATIENCE_MS, maxBuffer: MOST_BYTES, signal, windowsHide: true },
      (error, stdout) => resolve(error === null ? parseNvidiaSmi(stdout) : undefined),
    );
  });
}

/** Whether a container was given GPUs (Docker Engine API, `DeviceRequests`), by its runtime, or by the variable that NVIDIA's runtime heeds. */
async function hasGpus(client: EngineClient, id: string): Promise<boolean> {
  try {
    const { HostConfig, Config } = await client.request<Inspection>({ path: `/containers/${id}/json` });
    const visible = Config?.Env?.find((entry) => entry.startsWith('NVIDIA_VISIBLE_DEVICES='));
    return (
      HostConfig?.DeviceRequests?.some(
        ({ Driver, Capabilities }) =>
          Driver === 'nvidia' || Driver === 'cdi' || Capabilities?.flat().includes('gpu') === true,
      ) === true ||
      HostConfig?.Runtime === 'nvidia' ||
      (visible !== undefined && !/=(?:void|none|)$/.test(visible))
    );
  } catch {
    return false;
  }
}
