import type { TextEdit } from '../domain/Diagnostic.ts';
import type { Role } from '../domain/Role.ts';
import type { ProjectFiles, SetRoleEdits } from './ComposeApi.ts';
import { readComposeFiles } from './composeFiles.ts';
import { Findings } from './Findings.ts';
import { get, type LocatedEntry } from './Located.ts';
import { readProject } from './readProject.ts';

/** Edits that write a role down, as `x-flotilla: { role: … }` in the service: Compose reads past keys that begin with x-. */
export const setRoleEdits: SetRoleEdits = async (files: ProjectFiles, service: string, role: Role) => {
  const findings = new Findings(files);
  const { paths } = await files.list();
  const source = await readComposeFiles(files, paths, findings);
  if (source === undefined) return newComposeFile(files, service, role);
  const services = get(source.root, 'services');
  const entry = services?.kind === 'map' ? services.entries.get(service) : undefined;
  if (entry === undefined) return { edits: [], expect: {} };
  const edits = editsFor(entry, role, findings);
  return { edits, expect: findings.fix({ id: 'role', title: 'role', edits }).expect };
};

function editsFor(entry: LocatedEntry, role: Role, findings: Findings): TextEdit[] {
  const { value } = entry;
  const extension = get(value, 'x-flotilla');
  const present = get(extension, 'role');
  if (present !== undefined)
    return [
      {
        file: present.file,
        start: present.start,
        end: present.end,
        newText: `${present.start === present.end ? ' ' : ''}${role}`,
      },
    ];
  const target = extension?.kind === 'map' && extension.entries.size > 0 ? extension : value;
  const text = target === extension ? `role: ${role}` : `x-flotilla: { role: ${role} }`;
  const first = target.kind === 'map' ? [...target.entries.values()][0] : undefined;
  const source = findings.source(target.file);
  if (first === undefined || source === undefined) return [];
  const { column } = source.range(first.key.start, first.key.start);
  const isFlow = source.text[target.start] === '{';
  return [
    {
      file: target.file,
      start: first.key.start,
      end: first.key.start,
      newText: isFlow ? `${text}, ` : `${text}\n${' '.repeat(column - 1)}`,
    },
  ];
}

/** A folder of Dockerfiles gets a compose file that says what Flotilla saw in it. */
async function newComposeFile(files: ProjectFiles, service: string, role: Role): ReturnType<SetRoleEdits> {
  const { model } = await readProject(files);
  const blocks = (model?.services ?? []).map((candidate) => {
    const build = candidate.build;
    const lines = [`  ${candidate.name}:`];
    if (build !== undefined) {
      lines.push('    build:', `      context: ${JSON.stringify(build.context)}`);
      if (build.dockerfile !== 'Dockerfile')
        lines.push(`      dockerfile: ${JSON.stringify(build.dockerfile)}`);
      if (build.target !== undefined) lines.push(`      target: ${JSON.stringify(build.target)}`);
    }
    const own = candidate.name === service ? role : candidate.role;
    return [...lines, `    x-flotilla: { role: ${own} }`].join('\n');
  });
  return {
    edits: [{ file: 'compose.yaml', start: 0, end: 0, newText: `services:\n${blocks.join('\n')}\n` }],
    expect: { 'compose.yaml': null },
  };
}
