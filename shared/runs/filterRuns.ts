import type { RunSummary } from '../domain/Run.ts';

/**
 * The runs that a line of words leaves: each word must occur in a run's name, note, tags, title, id, commit, outcome or reason, any case. `tag:x` asks for the
 * tag, `is:failed` (ok, stopped, lost, going) for how it ended, `kind:study` and `kind:run` for what it is, `-` before a word for those without it.
 */
export function filterRuns(runs: readonly RunSummary[], filter: string): RunSummary[] {
  const tests = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '-')
    .map(testOf);
  return tests.length === 0 ? [...runs] : runs.filter((run) => tests.every((test) => test(run)));
}

function testOf(word: string): (run: RunSummary) => boolean {
  if (word.startsWith('-')) {
    const test = testOf(word.slice(1));
    return (run) => !test(run);
  }
  const [, key, value = ''] = /^(tag|is|kind):(.+)$/.exec(word) ?? [];
  if (key === 'tag') return ({ tags = [] }) => tags.some((tag) => tag.toLowerCase() === value);
  if (key === 'kind') return ({ kind = 'run' }) => kind === value;
  if (key === 'is') return ({ outcome = 'going' }) => outcome === value;
  return (run) => textsOf(run).some((text) => text?.toLowerCase().includes(word) === true);
}

function textsOf(run: RunSummary): (string | undefined)[] {
  return [
    run.name,
    run.note,
    run.title,
    run.id,
    run.commit,
    run.outcome ?? 'going',
    run.reason,
    run.kind,
    ...(run.tags ?? []),
  ];
}
