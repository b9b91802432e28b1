import { LOG_LEVELS } from '#shared/domain/LogLine.ts';
import type { LogHistogram } from '#shared/domain/LogView.ts';
import { isPlausible, KIND_MASK, KIND_NOTICE, keyAt, nextRecord } from '../spool/recordFormat.ts';
import type { BlockReader, SpoolContainer } from './SpoolIndex.ts';

/**
 * Lines per span of time by level, exact: a block that lies within one bucket is told by its index, one that is cut by the edge of a bucket is
 * read.
 */
export function countByTime(
  containers: readonly SpoolContainer[],
  reader: BlockReader,
  buckets: number,
  fromMs: number | undefined,
  toMs: number | undefined,
): LogHistogram {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { table } of containers) {
    if (table.end === table.first) continue;
    first = Math.min(first, table.firstKey(table.first));
    last = Math.max(last, table.lastKey(table.end - 1));
  }
  const from = fromMs === undefined ? (Number.isFinite(first) ? first : 0) : fromMs * 1000;
  // The last line belongs to the last bucket.
  const to = Math.max(
    from + buckets,
    toMs === undefined ? (Number.isFinite(last) ? last + 1 : 0) : toMs * 1000,
  );
  const width = (to - from) / buckets;
  const counts = Array.from({ length: buckets }, () => LOG_LEVELS.map(() => 0));
  const bucketOf = (key: number): number => Math.min(buckets - 1, Math.floor((key - from) / width));
  const add = (bucket: number, level: number, lines: number): void => {
    const row = counts[bucket] as number[];
    row[level] = (row[level] as number) + lines;
  };
  for (const container of containers) {
    const { table } = container;
    for (let block = table.findKey(from); block < table.end && table.firstKey(block) < to; block += 1) {
      const firstKey = table.firstKey(block);
      const lastKey = table.lastKey(block);
      const isInside = firstKey >= from && lastKey < to;
      if (isInside && bucketOf(firstKey) === bucketOf(lastKey)) {
        for (let level = 0; level < LOG_LEVELS.length; level += 1)
          add(bucketOf(firstKey), level, table.levelCount(block, level));
        continue;
      }
      const bytes = reader.scan(container, block);
      if (bytes === undefined) continue;
      let key = firstKey;
      for (let at = 0; isPlausible(bytes, at, bytes.length); at = nextRecord(bytes, at)) {
        key = keyAt(bytes, at, key);
        const kind = (bytes[at + 14] as number) & KIND_MASK;
        if (key < from || key >= to || kind === KIND_NOTICE) continue;
        add(bucketOf(key), bytes[at + 15] as number, 1);
      }
    }
  }
  return { fromMs: from / 1000, toMs: to / 1000, buckets: counts };
}
