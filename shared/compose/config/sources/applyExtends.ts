import { get, type Located, type LocatedEntry, type LocatedMap, textOf } from '../../Located.ts';
import { toCanonical } from '../canonical/toCanonical.ts';
import type { LoadContext } from '../LoadContext.ts';
import { mergeConfig } from '../merge/mergeConfig.ts';
import { stripTags } from '../merge/stripTags.ts';
import { uniqueItems } from '../merge/uniqueItems.ts';
import { folderOf } from '../paths/folderOf.ts';
import { isResolved } from '../paths/isResolved.ts';
import { joinPath } from '../paths/joinPath.ts';
import { resolvePaths } from '../paths/resolvePaths.ts';
import { countValues } from '../tree/countValues.ts';
import { withEntry } from '../tree/withEntry.ts';
import { readDocuments } from './readDocuments.ts';
import { mustStop } from './mustStop.ts';
import { refuse } from './refuse.ts';
import { refuseRemote } from './refuseRemote.ts';
import { refuseUnread } from './refuseUnread.ts';

type Services = ReadonlyMap<string, LocatedEntry>;

/** A large service extended many times stops here. */
const MOST_VALUES = 500_000;

const DEEPEST = 100;

/** One service of one file; meeting it again on the way is a cycle. */
interface Step {
  path: string;
  service: string;
}

/**
 * The document with each service that `extends` another laid upon it (Compose specification, Extends). A file named there is relative to the
 * project's folder, and paths inside of it to its own.
 * @param path path of the document's file
 */
export async function applyExtends(
  document: LocatedMap,
  path: string,
  context: LoadContext,
): Promise<LocatedMap> {
  const services = get(document, 'services');
  if (services?.kind !== 'map') return document;
  const extender = new Extender(context);
  const entries = new Map<string, LocatedEntry>();
  for (const [name, { key }] of services.entries) {
    const value = await extender.resolve(name, services.entries, { path, service: name }, []);
    if (value !== undefined) entries.set(name, { key, value });
  }
  return withEntry(document, 'services', { ...services, entries });
}

class Extender {
  #values = 0;
  readonly #context: LoadContext;
  readonly #files = new Map<string, Promise<Services | undefined>>();

  constructor(context: LoadContext) {
    this.#context = context;
  }

  async resolve(
    name: string,
    services: Services,
    step: Step,
    way: readonly Step[],
  ): Promise<Located | undefined> {
    const { findings } = this.#context;
    const service = services.get(name)?.value;
    const extend = get(service, 'extends');
    if (service?.kind !== 'map' || extend === undefined || extend.tag === '!reset') {
      if (
        service !== undefined &&
        service.kind !== 'map' &&
        !(service.kind === 'scalar' && service.value === null)
      )
        refuse(
          findings,
          service,
          'wrong-kind',
          `services.${name} must be a mapping.`,
          'Indent its settings below its name.',
        );
      return service;
    }
    if (this.#values >= MOST_VALUES) return undefined;
    if (way.length >= DEEPEST) {
      refuse(
        findings,
        extend,
        'extends-too-deep',
        `extends leads through more than ${DEEPEST} services.`,
        'No project written by a person does.',
      );
      return undefined;
    }
    const base = await this.#base(name, extend, services, step, [...way, step]);
    const own = withEntry(service, 'extends', undefined);
    if (base?.kind !== 'map') return own;
    const merged = mergeConfig(base, own, findings, { path: ['services', name], keepTags: true });
    this.#values += countValues(merged, MOST_VALUES);
    if (this.#values < MOST_VALUES) return merged;
    refuse(
      findings,
      extend,
      'too-many-values',
      'Services that extend others write out to more than any project has.',
      'It looks like an attempt to fill the memory.',
    );
    return undefined;
  }

  async #base(
    name: string,
    extend: Located,
    services: Services,
    step: Step,
    way: readonly Step[],
  ): Promise<Located | undefined> {
    const { findings } = this.#context;
    const ref = textOf(extend) ?? textOf(get(extend, 'service'));
    if (ref === undefined) {
      refuse(findings, extend, 'missing-key', `extends of ${name} names no service.`, 'Write service: NAME.');
      return undefined;
    }
    const place = get(extend, 'file');
    const file = textOf(place);
    if (file !== undefined && refuseRemote(findings, extend, 'extends', file)) return undefined;
    const path =
      place === undefined || file === undefined
        ? step.path
        : isResolved(place)
          ? file
          : joinPath(this.#context.folder, file);
    const others = file === undefined ? services : await this.#servicesOf(path, extend);
    if (others === undefined) return undefined;
    if (!others.has(ref)) {
      refuse(
        findings,
        extend,
        'extends-missing',
        `${name} extends ${ref}, which ${this.#context.shown(path)} does not have.`,
        'Correct the name, or add the service.',
      );
      return undefined;
    }
    if (way.some((earlier) => earlier.path === path && earlier.service === ref)) {
      const names = [...way.map(({ service }) => service), ref].join(' → ');
      refuse(
        findings,
        extend,
        'extends-cycle',
        `These services extend each other in a circle: ${names}.`,
        'One of them must stand for itself.',
      );
      return undefined;
    }
    return this.resolve(ref, others, { path, service: ref }, way);
  }

  /** Services of another file, paths made absolute from its own folder; `extends` in them is still to be resolved. */
  #servicesOf(path: string, at: Located): Promise<Services | undefined> {
    const present = this.#files.get(path) ?? this.#read(path, at);
    this.#files.set(path, present);
    return present;
  }

  async #read(path: string, at: Located): Promise<Services | undefined> {
    const { findings, home } = this.#context;
    const found = await this.#context.read(path);
    if (!found.ok) {
      refuseUnread(findings, at, found, {
        by: 'extends',
        words: 'extends: ',
        explanation: 'Correct the path; it is relative to the project’s folder.',
      });
      return undefined;
    }
    const documents = await readDocuments(path, this.#context);
    if (mustStop(this.#context)) return undefined;
    let tree: Located | undefined;
    for (const document of documents)
      tree = toCanonical(
        uniqueItems(
          stripTags(tree === undefined ? document : mergeConfig(tree, document, findings)),
          this.#context,
        ),
        findings,
      );
    const services =
      tree === undefined ? undefined : get(resolvePaths(tree, folderOf(path), home), 'services');
    if (services?.kind === 'map') return services.entries;
    refuse(
      findings,
      at,
      'extends-missing',
      `${this.#context.shown(path)} has no services.`,
      'extends names a file with services.',
    );
    return undefined;
  }
}
