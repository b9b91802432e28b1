import type { ServiceReader } from './ServiceReader.ts';

const PLATFORM = /^[a-z0-9]+\/[a-z0-9]+(?:\/v[0-9]+)?$/;

/** What a service's image is to be made for: `OS/ARCHITECTURE[/VARIANT]`. */
export function readPlatform(reader: ServiceReader): string | undefined {
  const at = reader.at('platform');
  const text = reader.text(at, 'platform') || undefined;
  if (text === undefined || at === undefined || isPlatform(text)) return text;
  reader.error(
    'bad-platform',
    at,
    `“${text.slice(0, 60)}” is no platform.`,
    'Write for example linux/amd64 or linux/arm64.',
  );
  return undefined;
}

export const isPlatform = (text: string): boolean => PLATFORM.test(text);
