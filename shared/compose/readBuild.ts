import type { BuildModel } from '../domain/ServiceModel.ts';
import { get, isNothing, textOf } from './Located.ts';
import type { ServiceReader } from './ServiceReader.ts';

/** The build section of a service, short or long. */
export function readBuild(reader: ServiceReader): BuildModel | undefined {
  const build = reader.at('build');
  if (build === undefined) return undefined;
  if (build.kind === 'scalar')
    return { context: contextPath(textOf(build) ?? '.'), dockerfile: 'Dockerfile', args: {} };
  if (build.kind === 'list') {
    reader.error(
      'wrong-kind',
      build,
      'build must be a folder or a mapping, not a list.',
      'Write build: . or build: with context and dockerfile.',
    );
    return undefined;
  }
  const args: Record<string, string> = {};
  for (const { key, value } of reader.pairs(get(build, 'args'), 'build args'))
    if (value !== null) args[key] = value;
  const target = reader.text(get(build, 'target'), 'build target');
  const inline = get(build, 'dockerfile_inline');
  if (!isNothing(inline) && inline !== undefined)
    reader.error(
      'unsupported-key',
      inline,
      'dockerfile_inline is not built yet.',
      'Put the text into a Dockerfile.',
    );
  return {
    context: contextPath(reader.text(get(build, 'context'), 'build context') ?? '.'),
    dockerfile: reader.text(get(build, 'dockerfile'), 'dockerfile') ?? 'Dockerfile',
    ...(target === undefined ? {} : { target }),
    args,
  };
}

/** `./solver/` → `solver`; `.` stays. What leads outside stays as it is and is refused later. */
function contextPath(text: string): string {
  if (/^[a-z]+:\/\//i.test(text) || text.startsWith('/')) return text;
  const parts: string[] = [];
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.length === 0 ? '.' : parts.join('/');
}
