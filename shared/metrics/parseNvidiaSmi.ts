import type { GpuReading } from '../domain/Metrics.ts';

/** What to ask `nvidia-smi` for; the fields are named in its own `--help-query-gpu`. */
export const NVIDIA_SMI = [
  'nvidia-smi',
  '--query-gpu=index,name,utilization.gpu,memory.used,memory.total',
  '--format=csv,noheader,nounits',
] as const;

const MEBIBYTE = 1024 * 1024;

/**
 * Reads its answer, a line a GPU: `0, NVIDIA A100-SXM4-40GB, 87, 30512, 40960`, memory in MiB, utilisation in percent. With units, too; what
 * the driver does not know stands as `[N/A]` or `[Not Supported]` there. A name with a comma keeps it. Other lines (a header, an error) are
 * passed over.
 */
export function parseNvidiaSmi(text: string): GpuReading[] {
  return text.split('\n').flatMap((line) => {
    const parts = line.split(',').map((part) => part.trim());
    const index = /^\d+$/.test(parts[0] ?? '') ? Number(parts[0]) : undefined;
    if (index === undefined || parts.length < 5) return [];
    const [utilisation, used, total] = parts.slice(-3).map(amount);
    const bytes = (mebibytes: number | null | undefined): number | null =>
      mebibytes === null || mebibytes === undefined ? null : mebibytes * MEBIBYTE;
    return [
      {
        index,
        name: parts.slice(1, -3).join(', '),
        utilisation: utilisation === null || utilisation === undefined ? null : utilisation / 100,
        memoryBytes: bytes(used),
        memoryTotalBytes: bytes(total),
      },
    ];
  });
}

function amount(text: string): number | null {
  const digits = /^(\d+(?:\.\d+)?)(?: ?(?:%|MiB))?$/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}
