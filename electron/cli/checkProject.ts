import { realpath, stat } from 'node:fs/promises';
import { NodeProjectFiles } from '#core/apps/NodeProjectFiles.ts';
import { readProject } from '#shared/compose/readProject.ts';
import { FlotillaError } from '#shared/contract/errors.ts';
import type { Output } from './Output.ts';

/** `flotilla check`: 3 when the project has errors. Needs no engine. */
export async function checkProject(folder: string, output: Output): Promise<number> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined)
    throw new FlotillaError('not-found', `${folder} does not exist.`, { hint: 'Give the project’s folder.' });
  if (!found.isDirectory())
    throw new FlotillaError('invalid-input', `${folder} is a file, not a folder.`, {
      hint: 'Give the folder that holds it.',
    });
  const { model, diagnostics, dangers } = await readProject(new NodeProjectFiles(await realpath(folder)));
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const lines = diagnostics.map((diagnostic) => {
    const place =
      diagnostic.range === undefined
        ? diagnostic.file
        : `${diagnostic.file}:${diagnostic.range.line}:${diagnostic.range.column}`;
    const fixes = diagnostic.fixes.map((fix) => `\n    fix: ${fix.title}`).join('');
    return `${place}: ${diagnostic.severity}: ${diagnostic.message} [${diagnostic.code}]${fixes}`;
  });
  for (const danger of dangers)
    lines.push(
      `${danger.file}${danger.line === undefined ? '' : `:${danger.line}`}: consent: ${danger.service}: ${danger.kind} ${danger.value}`,
    );
  const services = (model?.services ?? []).map((service) => ({
    name: service.name,
    role: service.role,
    replicas: service.replicas,
    reason: service.roleReason,
  }));
  lines.push(`${services.length} services, ${errors} errors, ${diagnostics.length - errors} other findings`);
  output.result({ services, diagnostics, dangers, errors }, lines.join('\n'));
  return errors > 0 ? 3 : 0;
}
