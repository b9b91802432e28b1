import type { TextEdit } from '../domain/Diagnostic.ts';
import type { Role } from '../domain/Role.ts';
import type { ProjectFiles, SetRoleEdits } from './ComposeApi.ts';
import { Findings } from './Findings.ts';
import { get, type LocatedEntry } from './Located.ts';
import { ownEntries } from './ownEntries.ts';
import { loadProjectFiles } from './loadProjectFiles.ts';
import { readProject } from './readProject.ts';
import { writtenServices } from './writtenServices.ts';

/**
 * Edits that write a role down, as `x-flotilla: { role: … }` in the service itself, never in one that it extends: Compose reads past keys that
 * begin with x-.
 */
export const setRoleEdits: SetRoleEdits = async (files: ProjectFiles, service: string, role: Role) => {
  const findings = new Findings(files);
  const loaded = await loadProjectFiles(files, findings);
  if (loaded?.paths.length === 0) return newComposeFile(files, service, role);
  const services = get(loaded?.root, 'services');
  const entry = services?.kind === 'map' ? services.entries.get(service) : undefined;
  if (loaded === undefined || entry === undefined) return { edits: [], expect: {} };
  // An included service stands in another file than those of the project itself.
  const places = new Set([...loaded.paths, entry.key.file]);
  const written = (await Promise.all([...places].map((path) => readWritten(files, path, service)))).flat();
  // The last that says a role counts; where none does, it goes to the first that has the service.
  const target = written.findLast(({ value }) => get(value, 'x-flotilla') !== undefined) ?? written[0];
  const edits = target === undefined ? [] : editsFor(target, role, findings);
  return { edits, expect: findings.fix({ id: 'role', title: 'role', edits }).expect };
};

/** The service as the documents of one file have it, without what other files say. */
async function readWritten(files: ProjectFiles, path: string, service: string): Promise<LocatedEntry[]> {
  return (await writtenServices(files, path)).flatMap((services) => {
    const entry = services.get(service);
    return entry?.value.kind === 'map' && entry.value.entries.size > 0 ? [entry] : [];
  });
}

function editsFor(entry: LocatedEntry, role: Role, findings: Findings): TextEdit[] {
  const { value } = entry;
  if (value.kind !== 'map') return [];
  const extension = ownEntries(value).find(({ key }) => key.value === 'x-flotilla')?.value;
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
  const first = target.kind === 'map' ? ownEntries(target)[0] : undefined;
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
