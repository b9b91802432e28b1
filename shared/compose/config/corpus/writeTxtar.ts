import type { Txtar } from './readTxtar.ts';

/** The archive as text; `readTxtar` reads it back. */
export function writeTxtar({ comment, files }: Txtar): string {
  let text = comment;
  for (const [name, content] of files) text += `-- ${name} --\n${endWithNewline(content)}`;
  return text;
}

function endWithNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
