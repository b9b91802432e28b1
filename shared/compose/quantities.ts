const BYTE_UNITS: Record<string, number> = {
  '': 1,
  b: 1,
  ib: 1,
  k: 1024,
  kb: 1024,
  kib: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  mib: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
  gib: 1024 ** 3,
  t: 1024 ** 4,
  tb: 1024 ** 4,
  tib: 1024 ** 4,
  p: 1024 ** 5,
  pb: 1024 ** 5,
  pib: 1024 ** 5,
};

/** Bytes of a Compose size such as `512m`, `1.5g`, `1024kb`, `1GiB` (all are powers of 1024 there). Undefined when it is none. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text);
  const unit = BYTE_UNITS[(match?.[2] ?? '?').toLowerCase()];
  if (match === null || unit === undefined) return undefined;
  const bytes = Math.floor(Number(match[1]) * unit);
  return Number.isFinite(bytes) ? bytes : undefined;
}

/** A CPU list such as `0-3,5` as the kernel takes it (cpuset(7)); the reason when it is none. */
export function checkCpuset(text: string): string | undefined {
  if (text.trim() === '') return 'it is empty';
  for (const part of text.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (match === null) return `“${part}” is no CPU number and no range`;
    if (match[2] !== undefined && Number(match[2]) < Number(match[1]))
      return `the range ${part} runs backwards`;
  }
  return undefined;
}

/** `70%` or `70` as 0.7; undefined for anything else. */
export function parsePercent(text: string): number | undefined {
  const percent = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text.trim())?.[1];
  return percent === undefined ? undefined : Number(percent) / 100;
}
