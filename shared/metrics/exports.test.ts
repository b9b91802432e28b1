import { describe, expect, it } from 'vitest';
import { METRICS, type MetricsRow, type MetricsWorker } from '../domain/Metrics.ts';
import { historyCsv, metricsCsvHead, metricsCsvRows } from './metricsCsv.ts';
import { metricWords } from './metricWords.ts';
import { parseNvidiaSmi } from './parseNvidiaSmi.ts';
import { prometheusText } from './prometheusText.ts';

const worker = (name: string, service: string, oomKills = 0): MetricsWorker => ({
  worker: name,
  service,
  state: 'live',
  oomKills,
});
const row = (name: string, values: Record<number, number>): MetricsRow => ({
  worker: name,
  atMs: 1_000,
  spanMs: 1_000,
  values: METRICS.map((_, index) => values[index] ?? null),
});

describe('Prometheus’ text', () => {
  it('names each metric once, then a sample for each worker that has it', () => {
    const text = prometheusText(
      'a "b"\\c\nd',
      [worker('w-1', 'w', 2), worker('w-2', 'w')],
      [row('w-1', { 0: 0.5, 3: 1_024 }), row('w-2', { 0: 1 })],
    );
    const app = 'app="a \\"b\\"\\\\c\\nd"';
    expect(text.split('\n')).toEqual([
      '# HELP flotilla_cpu_cores Time that processes ran, by the time that passed: 2 is two cores busy all the time.',
      '# TYPE flotilla_cpu_cores gauge',
      `flotilla_cpu_cores{${app},service="w",worker="w-1"} 0.5 1000`,
      `flotilla_cpu_cores{${app},service="w",worker="w-2"} 1 1000`,
      expect.stringMatching(/^# HELP flotilla_memory_working_set_bytes /),
      '# TYPE flotilla_memory_working_set_bytes gauge',
      `flotilla_memory_working_set_bytes{${app},service="w",worker="w-1"} 1024 1000`,
      expect.stringMatching(/^# HELP flotilla_memory_oom_kills_total /),
      '# TYPE flotilla_memory_oom_kills_total counter',
      `flotilla_memory_oom_kills_total{${app},service="w",worker="w-1"} 2`,
      `flotilla_memory_oom_kills_total{${app},service="w",worker="w-2"} 0`,
      '',
    ]);
    expect(prometheusText('a', [], [])).toBe('');
  });
});

describe('CSV', () => {
  it('has a line a worker and time, and nothing where nothing is known', () => {
    expect(metricsCsvHead()).toBe(`time,worker,service,${METRICS.join(',')}\n`);
    expect(metricsCsvRows([worker('a,b-1', 'a,b')], [row('a,b-1', { 0: 0.5 })])).toBe(
      `1970-01-01T00:00:01.000Z,"a,b-1","a,b",0.5${','.repeat(METRICS.length - 1)}\n`,
    );
    const csv = historyCsv({
      fromMs: 0,
      stepMs: 1_000,
      cells: 2,
      workers: [
        { worker: 'w-1', service: 'w', means: { cores: [1, null] }, peaks: {} },
        { worker: 'w-2', service: 'w', means: { cores: [2, 3] }, peaks: {} },
      ],
    });
    expect(csv.split('\n').map((line) => line.split(',').slice(0, 4).join(' '))).toEqual([
      'time worker service cores',
      '1970-01-01T00:00:01.000Z w-1 w 1',
      '1970-01-01T00:00:01.000Z w-2 w 2',
      '1970-01-01T00:00:02.000Z w-2 w 3',
      '',
    ]);
  });
});

describe('nvidia-smi', () => {
  it('is read with and without units, with what the driver does not know, past what is no GPU', () => {
    expect(
      parseNvidiaSmi(
        [
          'index, name, utilization.gpu [%], memory.used [MiB], memory.total [MiB]',
          '0, NVIDIA A100-SXM4-40GB, 87, 30512, 40960',
          '1, Tesla T4, 0 %, 3 MiB, 15360 MiB\r',
          '2, NVIDIA GB10, Superchip, [N/A], [Not Supported], [N/A]',
          '',
        ].join('\n'),
      ),
    ).toEqual([
      {
        index: 0,
        name: 'NVIDIA A100-SXM4-40GB',
        utilisation: 0.87,
        memoryBytes: 30_512 * 1_048_576,
        memoryTotalBytes: 40_960 * 1_048_576,
      },
      {
        index: 1,
        name: 'Tesla T4',
        utilisation: 0,
        memoryBytes: 3 * 1_048_576,
        memoryTotalBytes: 15_360 * 1_048_576,
      },
      {
        index: 2,
        name: 'NVIDIA GB10, Superchip',
        utilisation: null,
        memoryBytes: null,
        memoryTotalBytes: null,
      },
    ]);
    for (const text of [
      '',
      'No devices were found\n',
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n",
      'Failed to initialize NVML: Driver/library version mismatch\n',
      '0, short\n',
    ])
      expect(parseNvidiaSmi(text)).toEqual([]);
  });
});

describe('values for people', () => {
  it.each([
    [0.254, 'cores', '0.25'],
    [123.4, 'cores', '123'],
    [0.756, 'share', '76 %'],
    [512, 'bytes', '512 B'],
    [1_023, 'bytes', '1.00 KiB'],
    [52_428_800, 'bytes', '50.0 MiB'],
    [2_500_000, 'bytesPerSecond', '2.38 MiB/s'],
    [0.5, 'perSecond', '0.5/s'],
    [3, 'count', '3'],
    [null, 'cores', '–'],
    [Number.NaN, 'bytes', '–'],
  ] as const)('%s %s: %s', (value, unit, words) => {
    expect(metricWords(value, unit)).toBe(words);
  });
});
