/** One question to `docker compose config` with the answer it gave. See `readCase`. */
export interface CorpusCase {
  /** The file's name without `.txtar`. */
  name: string;
  /** Project files by path relative to the project folder; `../` leads out of it. */
  texts: Map<string, string>;
  /** Arguments as `docker compose` takes them before `config`, e.g. `['--profile', 'dev']`. */
  args: string[];
  /** Values given explicitly (compose gets them as its process environment). */
  variables: Map<string, string>;
  /** What compose printed as JSON, or what it said on refusing; absent before the first recording. */
  expected: { json: string } | { refused: string } | undefined;
  /** What Flotilla finds, a line each: `FILE:LINE:COLUMN severity code`. */
  findings: string | undefined;
}
