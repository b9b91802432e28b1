import type { Endpoint, EndpointProbe, EngineInfo } from '#shared/domain/Engine.ts';
import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import { sendRequest } from './EngineConnection.ts';
import { engineAddress } from './engineAddress.ts';
import { errorBodyText, httpError, toEngineError } from './toEngineError.ts';

/** Oldest API we speak (Docker 20.10, Podman 4) and the newest we have read the changes of. */
export const OLDEST_API = '1.41';
export const NEWEST_API = '1.52';
const PROBE_MS = 3_000;

interface VersionAnswer {
  Version?: string;
  ApiVersion?: string;
  MinAPIVersion?: string;
  Os?: string;
  Arch?: string;
  Components?: { Name?: string }[];
}

interface InfoAnswer {
  ID?: string;
  NCPU?: number;
  MemTotal?: number;
  OperatingSystem?: string;
  SecurityOptions?: string[];
  CgroupVersion?: string;
  MemoryLimit?: boolean;
  CpuCfsQuota?: boolean;
  PidsLimit?: boolean;
}

/** The API version to speak: the lower of ours and the engine's newest. @throws FlotillaError `engine-unsupported` */
export function chooseApiVersion(
  answer: { ApiVersion?: string; MinAPIVersion?: string; Version?: string },
  where: string,
): string {
  const newest = answer.ApiVersion;
  if (newest === undefined || !/^\d+\.\d+$/.test(newest)) {
    throw new FlotillaError(
      'engine-unsupported',
      `What answers at ${where} does not say which API it speaks.`,
      { hint: 'It is no Docker-compatible engine.' },
    );
  }
  if (compareApi(newest, OLDEST_API) < 0) {
    throw new FlotillaError(
      'engine-unsupported',
      `The engine at ${where} (${answer.Version ?? 'unknown version'}) speaks API ${newest}; Flotilla needs ${OLDEST_API} or newer.`,
      {
        hint: 'Update it to Docker 20.10 or Podman 4 or newer.',
      },
    );
  }
  const oldest = answer.MinAPIVersion;
  if (oldest !== undefined && /^\d+\.\d+$/.test(oldest) && compareApi(oldest, NEWEST_API) > 0) {
    throw new FlotillaError(
      'engine-unsupported',
      `The engine at ${where} needs API ${oldest} or newer; this Flotilla speaks up to ${NEWEST_API}.`,
      { hint: 'Update Flotilla.' },
    );
  }
  return compareApi(newest, NEWEST_API) < 0 ? newest : NEWEST_API;
}

export function compareApi(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}

/** Asks an endpoint who it is; rejects with a reason a person can act on. */
export async function identifyEngine(endpoint: Endpoint, signal?: AbortSignal): Promise<EngineInfo> {
  const version = await getJson<VersionAnswer>(endpoint, '', '/version', signal);
  const apiVersion = chooseApiVersion(version, endpoint.host);
  const info = await getJson<InfoAnswer>(endpoint, `/v${apiVersion}`, '/info', signal);
  return {
    product: productOf(version),
    version: version.Version ?? 'unknown',
    apiVersion,
    operatingSystem: info.OperatingSystem ?? version.Os ?? 'unknown',
    architecture: version.Arch ?? 'unknown',
    cpus: info.NCPU ?? 1,
    memoryBytes: info.MemTotal ?? 0,
    rootless: (info.SecurityOptions ?? []).some((option) => option.includes('name=rootless')),
    cgroupVersion: info.CgroupVersion ?? '1',
    // Podman's imitation of the API has no way to; and what an engine cannot limit, it leaves out without a word.
    updatesLimits:
      productOf(version) === 'Docker' &&
      [info.MemoryLimit, info.CpuCfsQuota, info.PidsLimit].every((isThere) => isThere === true),
    engineId: info.ID ?? endpoint.host,
  };
}

/** Probes one endpoint; never rejects. */
export async function probeEndpoint(endpoint: Endpoint): Promise<EndpointProbe> {
  const began = performance.now();
  try {
    const version = await getJson<VersionAnswer>(endpoint, '', '/version', AbortSignal.timeout(PROBE_MS));
    const apiVersion = chooseApiVersion(version, endpoint.host);
    const latencyMs = Math.round((performance.now() - began) * 10) / 10;
    return {
      endpoint,
      answered: true,
      product: productOf(version),
      version: version.Version ?? 'unknown',
      apiVersion,
      latencyMs,
    };
  } catch (error) {
    return { endpoint, answered: false, reason: toErrorShape(error) };
  }
}

async function getJson<Answer>(
  endpoint: Endpoint,
  prefix: string,
  path: string,
  signal: AbortSignal = AbortSignal.timeout(PROBE_MS),
): Promise<Answer> {
  const what = `GET ${path}`;
  const response = await sendRequest(
    engineAddress(endpoint),
    prefix,
    { path, signal },
    undefined,
    endpoint.host,
  );
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    throw toEngineError(error, what, endpoint.host, signal);
  }
  const body = Buffer.concat(chunks).toString('utf8');
  if ((response.statusCode ?? 0) >= 400) throw httpError(response.statusCode ?? 0, errorBodyText(body), what);
  try {
    return JSON.parse(body) as Answer;
  } catch {
    throw new FlotillaError(
      'engine-unsupported',
      `What answers at ${endpoint.host} is no container engine: ${errorBodyText(body).slice(0, 120) || 'an empty answer'}.`,
      {
        hint: 'Correct the address of the engine.',
      },
    );
  }
}

function productOf(version: VersionAnswer): string {
  return (version.Components ?? []).some((component) => component.Name?.includes('Podman') === true)
    ? 'Podman'
    : 'Docker';
}
