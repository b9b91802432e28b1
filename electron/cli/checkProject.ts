import { NodeProjectFiles } from '#core/apps/NodeProjectFiles.ts';
import { readProject } from '#shared/compose/readProject.ts';
import { counted } from '#shared/text/counted.ts';
import { formatDiagnostic } from './formatDiagnostic.ts';
import type { Output } from './Output.ts';
import { projectFolder } from './projectFolder.ts';

/** `flotilla check`: 3 when the project has errors. Needs no engine. */
export async function checkProject(folder: string, output: Output): Promise<number> {
  const { model, diagnostics, dangers } = await readProject(
    new NodeProjectFiles(await projectFolder(folder)),
  );
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const lines = diagnostics.map(formatDiagnostic);
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
  const counts = [
    counted(services.length, 'service'),
    counted(errors, 'error'),
    counted(diagnostics.length - errors, 'other finding'),
  ];
  lines.push(counts.join(', '));
  output.result({ services, diagnostics, dangers, errors }, lines.join('\n'));
  return errors > 0 ? 3 : 0;
}
