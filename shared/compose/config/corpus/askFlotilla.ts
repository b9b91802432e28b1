import { memoryProject } from '../../memoryProject.ts';
import type { ConfigOutcome } from '../ConfigOutcome.ts';
import { resolveConfig } from '../resolveConfig.ts';
import type { CorpusCase } from './CorpusCase.ts';

/** What Flotilla makes of a case. The project lies in `/ROOT/project`, as in the record. */
export function askFlotilla(question: Omit<CorpusCase, 'expected' | 'findings'>): Promise<ConfigOutcome> {
  const option = (name: string) => {
    const { args } = question;
    return args.flatMap((arg, at) => (arg === name ? [args[at + 1] ?? ''] : []));
  };
  return resolveConfig({
    files: memoryProject(Object.fromEntries(question.texts)),
    folder: '/ROOT/project',
    home: '/ROOT/home',
    composeFiles: [...option('--file'), ...option('-f')],
    envFiles: option('--env-file'),
    profiles: option('--profile'),
    variables: question.variables,
  });
}
