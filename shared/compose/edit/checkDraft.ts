import type { ComposeDraft, FieldElsewhere } from '../../domain/ComposeDraft.ts';
import type { ProjectFiles } from '../ComposeApi.ts';
import { get, isNothing, type Located, textOf } from '../Located.ts';
import { ParsedTexts } from '../ParsedTexts.ts';
import { loadAndRead, type WholeReading } from '../readProject.ts';
import { EditRefused } from './EditRefusal.ts';
import { ReadableText } from './ReadableText.ts';
import { ServiceText } from './ServiceText.ts';

/** How deep fields of a form lie: `deploy.resources.limits.cpus`. */
const DEEPEST_FIELD = 4;

/** Reads a project as if a file of it had another text: what is wrong then, and what of each service other files or services say. */
export async function checkDraft(files: ProjectFiles, path: string, text: string): Promise<ComposeDraft> {
  const parsed = new ParsedTexts();
  const { reading, loaded, texts } = await loadAndRead(withText(files, path, text), parsed);
  const { model, diagnostics } = reading;
  const services = get(loaded?.tree, 'services');
  const source = parse(text, parsed);
  const elsewhere: [string, FieldElsewhere[]][] = [];
  if (services?.kind === 'map')
    for (const [name, { value }] of services.entries) {
      const fields = [...fieldsOf(value, { path, texts, own: ownText(source, name) })];
      if (fields.length > 0) elsewhere.push([name, fields]);
    }
  return { model, diagnostics, elsewhere: Object.fromEntries(elsewhere) };
}

interface Draft {
  path: string;
  texts: WholeReading['texts'];
  /** The service as the edited text has it. */
  own: ServiceText | undefined;
}

function* fieldsOf(service: Located, draft: Draft, above: readonly string[] = []): Generator<FieldElsewhere> {
  const { path, texts, own } = draft;
  if (service.kind !== 'map') return;
  for (const [key, { key: at, value }] of service.entries) {
    const field = [...above, key];
    if (value.kind === 'map' && value.entries.size > 0 && field.length < DEEPEST_FIELD) {
      yield* fieldsOf(value, draft, field);
      continue;
    }
    const place = isNothing(value) ? at : value;
    const line = texts.source(place.file)?.range(place.start, place.start).line;
    if (line === undefined || (place.file === path && !isOfAnother(own, field, place.start))) continue;
    yield { field: field.join('.'), file: place.file, line, text: textOf(value) };
  }
}

/** True for what the edited text says, but in another service, which this one extends. */
function isOfAnother(own: ServiceText | undefined, field: readonly string[], start: number): boolean {
  if (own === undefined) return false;
  const { place } = own;
  return (start < place.start || start >= place.end) && own.field(...field).from === 'absent';
}

function ownText(source: ReadableText | undefined, name: string): ServiceText | undefined {
  return source === undefined ? undefined : ServiceText.find(source, name);
}

/** Undefined for a text without sense. */
function parse(text: string, parsed: ParsedTexts): ReadableText | undefined {
  try {
    return new ReadableText(text, () => parsed.asWritten(text));
  } catch (error) {
    if (error instanceof EditRefused) return undefined;
    throw error;
  }
}

function withText(files: ProjectFiles, path: string, text: string): ProjectFiles {
  return {
    folderName: files.folderName,
    hash: (of) => files.hash(of),
    leadsOut: (of) => files.leadsOut(of),
    async list() {
      const found = await files.list();
      return found.paths.includes(path) ? found : { ...found, paths: [...found.paths, path] };
    },
    read: (wanted) => (wanted === path ? Promise.resolve({ ok: true, text }) : files.read(wanted)),
  };
}
