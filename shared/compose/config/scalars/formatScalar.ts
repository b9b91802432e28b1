/** The value as Go's `%v` prints it, which is what compose makes of numbers where it wants text: `1e+06`, `0.5`, `true`. */
export function formatScalar(value: string | number | bigint | boolean): string {
  return typeof value === 'number' ? formatFloat(value) : String(value);
}

/** The shortest digits that read back as the value, with an exponent below 1e-4 and from 1e6 on (Go's strconv, format `g`). */
function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  // JavaScript itself writes exponents below 1e-6 and from 1e21 on only.
  if (value === 0 || (exponent >= -4 && exponent < 6)) return String(value);
  const digits = String(Math.abs(exponent)).padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
}
