export const PYTHON_VERSIONS = ['3.12', '3.13', '3.11', '3.10', '3.9'];

/** The best-supported version that fits what a project asks for, e.g. `>=3.10,<3.12` → `3.11`. */
export function pythonVersion(wanted: string | undefined): string {
  const preferred = PYTHON_VERSIONS[0] ?? '3.12';
  if (wanted === undefined) return preferred;
  const exact = /^\s*(?:==\s*)?(3\.\d+)(?:\.[\d*]+)?\s*$/.exec(wanted)?.[1];
  if (exact !== undefined) return exact;
  const bounds = [...wanted.matchAll(/(>=|<=|<|>|~=|\^|~|!=)\s*3\.(\d+)/g)];
  const fits = (minor: number): boolean =>
    bounds.every(([, sign, text]) => {
      const bound = Number(text);
      if (sign === '>=' || sign === '^') return minor >= bound;
      if (sign === '~' || (sign === '~=' && /~=\s*3\.\d+\.\d/.test(wanted))) return minor === bound;
      if (sign === '~=') return minor >= bound;
      if (sign === '>') return minor > bound;
      if (sign === '<') return minor < bound;
      return sign === '<=' ? minor <= bound : minor !== bound;
    });
  return PYTHON_VERSIONS.find((version) => fits(Number(version.slice(2)))) ?? preferred;
}
