import type { PlannedStep } from './planSteps.ts';

/** What a COPY or ADD takes from the build context, without `/` or `./` before it. */
export function copySources({ text }: Pick<PlannedStep, 'text'>): string[] {
  const rest = text.replace(/^\s*\S+\s+(?:--\S+\s+)*/, '');
  return (listIn(rest) ?? rest.split(/\s+/)).slice(0, -1).map((source) => source.replace(/^(?:\.?\/)+/, ''));
}

/** The words of the form `["a file", "/there/"]`. */
function listIn(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : undefined;
  } catch {
    return undefined;
  }
}
