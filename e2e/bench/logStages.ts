import { Buffer } from 'node:buffer';
import { LogLineAssembler } from '#core/logs/bytes/LogLineAssembler.ts';
import { FrameDemultiplexer } from '#core/engine/FrameDemultiplexer.ts';
import type { BenchRow } from './bench.ts';
import { median, round, summary } from './statistics.ts';

const TRIALS = 9;
const LEAST_PER_TRIAL = 2_000_000;

/** Frames to lines alone, on one core, in memory; the peer is a pass over the same bytes that looks for newlines only. */
export function benchLogStages(): Promise<BenchRow[]> {
  const rows = [20, 109].map((bytes) => measure(bytes, bytes === 20));
  rows.push(oneChunk());
  return Promise.resolve(rows);
}

function measure(lineBytes: number, hasGoal: boolean): BenchRow {
  const chunk = chunkOf(lineBytes, 64 * 1024);
  const frames = Math.floor(chunk.length / (8 + 31 + lineBytes));
  const rounds = Math.ceil(LEAST_PER_TRIAL / frames);
  const split: number[] = [];
  const plain: number[] = [];
  const newlines: number[] = [];
  for (let trial = -2; trial < TRIALS; trial += 1) {
    let lines = 0;
    const assembler = new LogLineAssembler(false, () => (lines += 1));
    const took = time(() => {
      for (let round_ = 0; round_ < rounds; round_ += 1) assembler.push(chunk);
    });
    let payloads = 0;
    const bare = chunkOf(lineBytes, 64 * 1024, false);
    const bareFrames = Math.floor(bare.length / (8 + lineBytes));
    const demultiplexer = new FrameDemultiplexer((_stream, bytes, start, end) => {
      for (let at = start; at < end; at += 1) if (bytes[at] === 0x0a) payloads += 1;
    });
    const tookBare = time(() => {
      for (let round_ = 0; round_ < rounds; round_ += 1) demultiplexer.push(bare);
    });
    let found = 0;
    const tookNewlines = time(() => {
      for (let round_ = 0; round_ < rounds; round_ += 1)
        for (let at = bare.indexOf(10); at !== -1; at = bare.indexOf(10, at + 1)) found += 1;
    });
    if (lines !== rounds * frames || payloads !== rounds * bareFrames || found < rounds)
      throw new Error('Lines are missing: the rate would be of something else.');
    if (trial < 0) continue;
    split.push(lines / took / 1000);
    plain.push(payloads / tookBare / 1000);
    newlines.push(found / tookNewlines / 1000);
  }
  const value = median(plain);
  return {
    name: `demultiplex and split ${lineBytes}-byte lines in 64 KiB chunks, one core`,
    unit: 'million lines/s',
    value: round(value),
    goal: hasGoal ? '≥ 10' : 'none set',
    met: !hasGoal || value >= 10,
    detail: {
      demultiplexAndSplit: summary(plain),
      withTimestampsReadAndPartsJoined: summary(split),
      peerNativeSearchForNewlinesOnly: summary(newlines),
    },
  };
}

function oneChunk(): BenchRow {
  const one = frame(Buffer.from('\n'));
  const chunk = Buffer.concat(Array.from({ length: 1_000_000 }, () => one));
  let lines = 0;
  const took = time(() => new FrameDemultiplexer(() => (lines += 1)).push(chunk));
  return {
    name: '1,000,000 one-byte lines in one chunk',
    unit: 'lines',
    value: lines,
    goal: '1,000,000 without overflow',
    met: lines === 1_000_000,
    detail: { tookMs: round(took) },
  };
}

const TIME = '2026-11-24T08:00:00.123456789Z ';

function chunkOf(lineBytes: number, size: number, withTime = true): Buffer {
  const one = frame(Buffer.from(`${withTime ? TIME : ''}${'x'.repeat(lineBytes - 1)}\n`));
  return Buffer.concat(Array.from({ length: Math.floor(size / one.length) }, () => one));
}

function frame(payload: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

function time(action: () => void): number {
  const began = performance.now();
  action();
  return performance.now() - began;
}
