import type { Findings, FixDraft } from '../../Findings.ts';
import { kindName, type Located, type LocatedMap, type LocatedScalar } from '../../Located.ts';
import { nearestKey } from '../../knownKeys.ts';
import { kindFixes } from './kindFixes.ts';
import type { ObjectShape, ScalarShape, Shape, ValueKind } from '../shapes/Shape.ts';

const KIND_WORDS: Record<ValueKind | 'list' | 'map', string> = {
  text: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
  list: 'a list',
  map: 'a mapping',
};

/** Tells where the tree is not as the specification's schema wants it: unknown keys, values of the wrong kind, missing and repeated ones. */
export function checkShape(root: Located, shape: Shape, findings: Findings): void {
  check(root, shape, []);

  function check(node: Located, shape: Shape, path: readonly string[]): void {
    switch (shape.is) {
      case 'any':
        return;
      case 'scalar':
        return checkScalar(node, shape, path);
      case 'list':
        if (node.kind !== 'list') return wrongKind(node, ['list'], path);
        if (shape.unique === true) checkUnique(node.items, path);
        for (const [at, item] of node.items.entries()) check(item, shape.item, [...path, String(at)]);
        return;
      case 'pairs':
        return checkPairs(node, path, false);
      case 'hosts':
        return checkPairs(node, path, true);
      case 'either': {
        const option = shape.options.find((candidate) => fits(node, candidate));
        if (option !== undefined) return check(node, option, path);
        return wrongKind(node, [...new Set(shape.options.flatMap(kindsOf))], path);
      }
      case 'map':
        if (node.kind !== 'map') return wrongKind(node, ['map'], path);
        for (const [name, { key, value }] of node.entries) {
          if (shape.keys.test(name)) check(value, shape.value, [...path, name]);
          else if (shape.open !== true)
            tell(
              'bad-name',
              key,
              `“${name}” is no name in ${path.join('.')}.`,
              'Use letters, digits, “_”, “.” and “-”.',
            );
        }
        return;
      case 'object':
        return checkObject(node, shape, path);
    }
  }

  function checkObject(node: Located, shape: ObjectShape, path: readonly string[]): void {
    if (node.kind === 'scalar' && node.value === null && shape.nullable) return;
    if (node.kind !== 'map') return wrongKind(node, ['map'], path);
    for (const [name, { key, value }] of node.entries) {
      const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
      if (field !== undefined) {
        if (field.isNewer === true) tellNewer(key, name);
        check(value, field.shape, [...path, name]);
      } else if (!name.startsWith('x-') || !shape.extensible) unknownKey(node, key, name, shape, path);
    }
    for (const name of shape.required)
      if (!node.entries.has(name))
        tell('missing-key', node, `${path.join('.')} needs ${name}.`, `Compose refuses it without ${name}.`);
  }

  function tellNewer({ file, start, end }: Located, name: string): void {
    findings.add({
      code: 'newer-key',
      severity: 'warning',
      file,
      start,
      end,
      message: `“${name}” is newer than docker compose 2.26.1.`,
      explanation: 'Older ones refuse the file for it.',
    });
  }

  function unknownKey(
    map: LocatedMap,
    key: LocatedScalar,
    name: string,
    shape: ObjectShape,
    path: readonly string[],
  ): void {
    const near = nearestKey(name, Object.keys(shape.fields));
    const { file, start, end } = key;
    findings.add({
      code: 'unknown-key',
      severity: 'error',
      file,
      start,
      end,
      message: `Compose knows no “${name.slice(0, 60)}” ${path.length === 0 ? 'at the top of a file' : `in ${path.join('.')}`}${near === undefined ? '' : `; is “${near}” meant?`}`,
      explanation: 'docker compose refuses the file for it. Keys of your own begin with x-.',
      fixes:
        near === undefined || map.entries.has(near)
          ? []
          : [{ id: 'correct-key', title: `Write ${near}`, edits: [{ file, start, end, newText: near }] }],
    });
  }

  function checkScalar(node: Located, shape: ScalarShape, path: readonly string[]): void {
    if (node.kind !== 'scalar' || !accepts(node, shape)) return wrongKind(node, shape.accepts, path);
    const { value } = node;
    if (
      shape.oneOf !== undefined &&
      typeof value === 'string' &&
      !shape.oneOf.includes(value) &&
      shape.orLike?.test(value) !== true
    )
      badChoice(node, value, shape.oneOf, path);
    if (typeof value !== 'bigint') return;
    const { least, most } = shape;
    if ((least !== undefined && value < least) || (most !== undefined && value > most))
      tell(
        'out-of-range',
        node,
        `${path.join('.')} is ${value}.`,
        `It goes from ${least ?? 'no limit'} to ${most ?? 'no limit'}.`,
      );
  }

  function badChoice(
    node: LocatedScalar,
    value: string,
    choices: readonly string[],
    path: readonly string[],
  ): void {
    const near = node.interpolated ? undefined : nearestKey(value, choices);
    const { file, start, end } = node;
    tell(
      'bad-choice',
      node,
      `${path.join('.')} is “${value.slice(0, 60)}”.`,
      `There are ${choices.join(', ')}.`,
      near === undefined
        ? []
        : [{ id: 'correct-value', title: `Write ${near}`, edits: [{ file, start, end, newText: near }] }],
    );
  }

  function checkPairs(node: Located, path: readonly string[], takesLists: boolean): void {
    if (node.kind === 'scalar') return wrongKind(node, ['map', 'list'], path);
    if (node.kind === 'list') {
      checkUnique(node.items, path);
      for (const [at, item] of node.items.entries())
        if (!isText(item)) wrongKind(item, ['text'], [...path, String(at)]);
      return;
    }
    for (const [name, { value }] of node.entries)
      if (value.kind === 'map' || (value.kind === 'list' && !takesLists))
        wrongKind(value, ['text', 'number', 'boolean', 'null'], [...path, name]);
      else if (takesLists && value.kind === 'scalar' && !isText(value))
        wrongKind(value, ['text', 'list'], [...path, name]);
  }

  function checkUnique(items: readonly Located[], path: readonly string[]): void {
    const seen = new Set<string>();
    for (const item of items) {
      const text = JSON.stringify(comparable(item));
      if (seen.has(text))
        tell('repeated-item', item, `${path.join('.')} has the same value twice.`, 'Remove one of the two.');
      seen.add(text);
    }
  }

  function wrongKind(
    node: Located,
    wanted: readonly (ValueKind | 'list' | 'map')[],
    path: readonly string[],
  ): void {
    const words = wanted.map((kind) => KIND_WORDS[kind]).join(' or ');
    tell(
      'wrong-kind',
      node,
      `${path.length === 0 ? 'A compose file' : path.join('.')} must be ${words}, not ${kindName(node)}.`,
      'docker compose refuses the file for it.',
      kindFixes(node, wanted),
    );
  }

  function tell(
    code: string,
    { file, start, end }: Located,
    message: string,
    explanation: string,
    fixes: FixDraft[] = [],
  ): void {
    findings.add({ code, severity: 'error', file, start, end, message, explanation, fixes });
  }
}

function fits(node: Located, shape: Shape): boolean {
  switch (shape.is) {
    case 'any':
      return true;
    case 'scalar':
      return node.kind === 'scalar' && accepts(node, shape);
    case 'list':
      return node.kind === 'list';
    case 'object':
      return node.kind === 'map' || (shape.nullable && node.kind === 'scalar' && node.value === null);
    case 'map':
      return node.kind === 'map';
    case 'pairs':
    case 'hosts':
      return node.kind !== 'scalar';
    case 'either':
      return shape.options.some((option) => fits(node, option));
  }
}

function kindsOf(shape: Shape): (ValueKind | 'list' | 'map')[] {
  if (shape.is === 'scalar') return [...shape.accepts];
  if (shape.is === 'list') return ['list'];
  if (shape.is === 'either') return shape.options.flatMap(kindsOf);
  return shape.is === 'object' || shape.is === 'map' ? ['map'] : ['map', 'list'];
}

function accepts({ value }: LocatedScalar, { accepts }: ScalarShape): boolean {
  if (value === null) return accepts.includes('null');
  if (typeof value === 'string') return accepts.includes('text');
  if (typeof value === 'boolean') return accepts.includes('boolean');
  if (accepts.includes('number')) return true;
  // JSON schema counts 5.0 as an integer.
  return accepts.includes('integer') && (typeof value === 'bigint' || Number.isInteger(value));
}

function isText(node: Located): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string';
}

function comparable(node: Located): unknown {
  if (node.kind === 'scalar') return typeof node.value === 'bigint' ? Number(node.value) : node.value;
  return node.kind === 'list'
    ? node.items.map(comparable)
    : Object.fromEntries([...node.entries].map(([name, { value }]) => [name, comparable(value)]));
}
