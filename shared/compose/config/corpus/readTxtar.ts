/** A txtar archive (the format of Go's `golang.org/x/tools/txtar`): a comment, then files, each begun by a line `-- NAME --`. */
export interface Txtar {
  comment: string;
  /** In the order of the archive. Text ends with a newline unless it is empty. */
  files: Map<string, string>;
}

/** Reads a txtar archive. Every text is one: what stands before the first marker is the comment. */
export function readTxtar(text: string): Txtar {
  const files = new Map<string, string>();
  let comment = '';
  let name: string | undefined;
  for (const line of text.split(/(?<=\n)/)) {
    const marker = /^-- (.+) --\r?\n?$/.exec(line)?.[1];
    if (marker !== undefined) {
      name = marker.trim();
      files.set(name, '');
    } else if (name === undefined) comment += line;
    else files.set(name, `${files.get(name) ?? ''}${line}`);
  }
  return { comment, files };
}
