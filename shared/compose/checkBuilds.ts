import { type DockerfileImage, lintDockerfile, namingEdits } from '../dockerfile/lintDockerfile.ts';
import type { ProjectFiles } from './ComposeApi.ts';
import { isResolved } from './config/paths/isResolved.ts';
import { lintInlineDockerfile } from './lintInlineDockerfile.ts';
import type { Findings, FixDraft } from './Findings.ts';
import { isShortForm } from './isShortForm.ts';
import { get, type Located } from './Located.ts';
import { isInside } from './readDangers.ts';
import { ownEntries } from './ownEntries.ts';
import type { ReadService } from './readService.ts';

/** Looks at every Dockerfile that services are built from, and at which of its images each would get. */
export async function checkBuilds(
  services: readonly ReadService[],
  files: ProjectFiles,
  findings: Findings,
): Promise<void> {
  const seen = new Map<string, ReadDockerfile>();
  const untargeted = new Map<ReadDockerfile, ReadService[]>();
  for (const service of services) {
    const { build, name } = service.model;
    const node = get(service.entry.value, 'build');
    if (build === undefined || node === undefined) continue;
    const place = { file: node.file, start: node.start, end: node.end, service: name };
    const isFolder = isResolved(get(node, 'context') ?? node);
    if (!isFolder && /^[a-z]+:\/\/|^git@/i.test(build.context)) {
      findings.add({
        code: 'context-remote',
        severity: 'error',
        ...place,
        message: `${name} would be built from ${build.context}.`,
        explanation: 'Flotilla builds only what lies in the folder you opened. Clone it into the project.',
      });
      continue;
    }
    if (
      !isInside(build.context) ||
      (build.dockerfileInline === undefined &&
        (!isInside(`${build.context}/${build.dockerfile}`) || build.dockerfile.startsWith('/')))
    ) {
      findings.add({
        code: 'context-outside',
        severity: 'error',
        ...place,
        message: `${name} would be built from outside the project (${build.context}).`,
        explanation: 'Flotilla reads nothing outside the folder you opened. Open the folder that holds both.',
      });
      continue;
    }
    const inline = node.kind === 'map' ? node.entries.get('dockerfile_inline') : undefined;
    if (build.dockerfileInline !== undefined && inline !== undefined) {
      const text = build.dockerfileInline;
      // Services may share it by an anchor or by `extends`.
      const id = `${inline.value.file}\0${inline.value.start}\0${text.text}`;
      const known = seen.get(id);
      if (known !== undefined) {
        wants(service, known);
        continue;
      }
      const shown = `the text of ${name}’s dockerfile_inline`;
      const made = lintInlineDockerfile(inline, text, { service: name, shown }, files, findings);
      const names = (): ReturnType<ReadDockerfile['names']> =>
        made.toCompose(namingEdits(inline.value.file, made.images));
      const inside: ReadDockerfile = { shown, text: text.text, images: made.images, names };
      seen.set(id, inside);
      wants(service, inside);
      continue;
    }
    const path =
      build.context === '.'
        ? build.dockerfile.replace(/^(\.\/)+/, '')
        : `${build.context}/${build.dockerfile.replace(/^(\.\/)+/, '')}`;
    if (!seen.has(path)) {
      const found = await files.read(path);
      if (found.ok) {
        const { images } = lintDockerfile(path, found.text, findings);
        seen.set(path, { shown: path, text: found.text, images, names: () => namingEdits(path, images) });
      } else {
        const isMissing = found.reason === 'missing';
        findings.add({
          code: isMissing ? 'missing-dockerfile' : 'dockerfile-unreadable',
          severity: 'error',
          ...place,
          message: isMissing ? `${name} needs ${path}, which does not exist.` : `${name}: ${found.message}`,
          explanation: isMissing
            ? 'Create it, or name the right one with dockerfile:.'
            : 'It cannot be built from.',
        });
        continue;
      }
    }
    const read = seen.get(path);
    if (read !== undefined) wants(service, read);
  }
  for (const [dockerfile, own] of untargeted) checkAmbiguous(dockerfile, own, findings);

  function wants(service: ReadService, dockerfile: ReadDockerfile): void {
    const target = service.model.build?.target;
    if (target === undefined) untargeted.set(dockerfile, [...(untargeted.get(dockerfile) ?? []), service]);
    else checkTarget(service, dockerfile, target, findings);
  }
}

/** A Dockerfile that services are built from. */
interface ReadDockerfile {
  /** As messages name it. */
  shown: string;
  text: string;
  images: readonly DockerfileImage[];
  /** Edits that name its images; undefined where they cannot be made. */
  names: () => FixDraft['edits'] | undefined;
}

function checkTarget(
  service: ReadService,
  { shown, text }: ReadDockerfile,
  target: string,
  findings: Findings,
): void {
  const node = get(get(service.entry.value, 'build'), 'target');
  if (node === undefined || /^\d+$/.test(target)) return;
  const names = [...text.matchAll(/^\s*FROM\s+.*\sAS\s+(\S+)\s*$/gim)].map((match) => match[1] ?? '');
  if (names.some((name) => name.toLowerCase() === target.toLowerCase())) return;
  findings.add({
    code: 'target-missing',
    severity: 'error',
    file: node.file,
    start: node.start,
    end: node.end,
    service: service.model.name,
    message: `${service.model.name} wants the stage “${target}”, which ${shown} does not have.`,
    explanation:
      names.length === 0
        ? 'None of its stages has a name. Name one: FROM image AS name.'
        : `It has: ${names.join(', ')}.`,
  });
}

/** Without a target Docker builds the last image of the file; a service that means another one says so nowhere. */
function checkAmbiguous(
  dockerfile: ReadDockerfile,
  services: readonly ReadService[],
  findings: Findings,
): void {
  const { shown, images } = dockerfile;
  const last = images.at(-1);
  if (last === undefined || images.length < 2) return;
  services.forEach((service, at) => {
    const { name } = service.model;
    const byName = images.find((image) => image.script === name || image.name === name);
    const image = byName ?? (services.length === images.length ? images[at] : undefined);
    if (image === undefined || (image === last && services.length < 2)) return;
    const node = get(service.entry.value, 'build');
    if (node === undefined) return;
    findings.add({
      code: 'ambiguous-build-target',
      severity: image === last ? 'warning' : 'error',
      file: node.file,
      start: node.start,
      end: node.end,
      service: name,
      message: `${name} does not say which of the ${images.length} images in ${shown} it wants; it would get the last, “${last.name}”.`,
      explanation: `Its name fits “${image.name}”.`,
      fixes: targetFixes(service, node, dockerfile, image, findings),
    });
  });
}

function targetFixes(
  service: ReadService,
  node: Located,
  { names }: ReadDockerfile,
  image: DockerfileImage,
  findings: Findings,
): FixDraft[] {
  const naming = names();
  if (naming === undefined) return [];
  const target = image.stage.name ?? image.name;
  const key = service.entry.value.kind === 'map' ? service.entry.value.entries.get('build')?.key : undefined;
  const source = findings.source(node.file);
  const edits: FixDraft['edits'] = [];
  if (node.kind === 'map' && source !== undefined && !isShortForm(node)) {
    const entries = ownEntries(node);
    const [first, last] = [entries[0], entries.at(-1)];
    const isFlow = source.text[node.start] === '{';
    const column = first === undefined ? 0 : source.range(first.key.start, first.key.start).column - 1;
    const at = last === undefined ? node.end : Math.max(last.key.end, last.value.end);
    const line = `${' '.repeat(column)}target: ${target}`;
    // A block of text ends where the next line begins.
    const ownLine = source.text[at - 1] === '\n' ? `${line}\n` : `\n${line}`;
    edits.push({ file: node.file, start: at, end: at, newText: isFlow ? `, target: ${target}` : ownLine });
  } else if (key !== undefined && key.file === node.file && source !== undefined) {
    const indent = ' '.repeat(source.range(key.start, key.start).column - 1 + 2);
    const context = service.model.build?.context ?? '.';
    // From the key's end, so that it works with and without the space after the colon.
    edits.push({
      file: node.file,
      start: key.end,
      end: node.end,
      newText: `:\n${indent}context: ${context}\n${indent}target: ${target}`,
    });
  }
  edits.push(...naming);
  return [{ id: 'name-target', title: `Build “${target}” for ${service.model.name}`, edits }];
}
