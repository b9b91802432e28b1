import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOG_LEVELS, type LogLevel } from '#shared/domain/LogLine.ts';
import type { LogQuery } from '#shared/logs/LogQuery.ts';
import { AppSpool } from './spool/AppSpool.ts';
import { CONTINUES, KIND_NOTICE } from './spool/recordFormat.ts';
import { indexOf } from './threads/SpoolService.ts';
import { UNTOLD } from './threads/threadMessages.ts';
import { LogView } from './view/LogView.ts';
import { type AppIndex, BlockReader, SpoolContainer } from './view/SpoolIndex.ts';

export interface TestLine {
  worker: string;
  micros: number;
  nanos?: number;
  text: string;
  level?: LogLevel;
  stream?: 'stdout' | 'stderr' | 'notice';
  continues?: boolean;
}

/** A spool in a temporary folder, read as the reading thread does; both go with it. */
export class TestSpool {
  readonly folder: string;
  readonly index: AppIndex = {
    containers: new Map(),
    state: UNTOLD,
  };
  readonly reader = new BlockReader();
  readonly views: LogView[] = [];
  spool: AppSpool;
  readonly #limit: number;

  constructor(limitBytes = 1024 ** 3, folder = mkdtempSync(join(tmpdir(), 'flotilla-spool-'))) {
    this.folder = folder;
    this.#limit = limitBytes;
    this.spool = this.#open();
    this.publish();
  }

  append(lines: readonly TestLine[]): void {
    for (const line of lines) {
      const { spool } = this.spool.container(
        `id-${line.worker}`,
        line.worker,
        line.worker.replace(/-\d+$/, ''),
      );
      const text = Buffer.from(line.text);
      const kind = line.stream === 'notice' ? KIND_NOTICE : line.stream === 'stderr' ? 2 : 1;
      const flags = kind | (line.continues === true ? CONTINUES : 0);
      const level = LOG_LEVELS.indexOf(line.level ?? 'none');
      spool.append(flags, level, line.micros, line.nanos ?? 0, text, 0, text.length);
    }
  }

  /** Makes what was appended visible to the views. */
  publish(): void {
    this.spool.flush();
    for (const entry of this.spool.containers.values()) {
      const changed = entry.spool.takeChanges();
      if (changed === undefined) continue;
      const index = indexOf(entry, changed);
      let container = this.index.containers.get(index.number);
      const keyBefore = container?.lastKey ?? 0;
      if (container === undefined) {
        container = new SpoolContainer(index);
        this.index.containers.set(index.number, container);
      }
      container.take(index);
      for (const view of this.views) view.grown(container, keyBefore);
    }
  }

  view(query: LogQuery = {}): LogView {
    const view = new LogView(query, this.index, this.reader);
    this.views.push(view);
    view.scan(Number.POSITIVE_INFINITY);
    return view;
  }

  /** Ends the writer as a crash does (nothing is flushed) or politely, and opens the folder again. */
  reopen(how: 'crash' | 'close'): void {
    if (how === 'close') this.spool.close();
    else rmSync(join(this.folder, 'lock'), { force: true });
    this.reader.close();
    this.index.containers.clear();
    this.views.length = 0;
    this.spool = this.#open();
    for (const entry of this.spool.containers.values()) {
      const index = indexOf(entry, entry.spool.table.first);
      const container = new SpoolContainer(index);
      container.take(index);
      this.index.containers.set(index.number, container);
    }
  }

  dispose(): void {
    this.spool.close();
    this.reader.close();
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true });
  }

  #open(): AppSpool {
    return new AppSpool(this.folder, this.#limit, {
      onDirty: () => undefined,
      onWarnings: () => undefined,
      onEvicted: (number) => {
        const container = this.index.containers.get(number);
        const entry = this.spool.containers.get(number);
        if (container === undefined || entry === undefined) return;
        container.table.dropBefore(entry.spool.table.first);
        for (const view of this.views) view.evicted(container);
      },
    });
  }
}
