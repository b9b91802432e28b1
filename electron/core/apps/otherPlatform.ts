import type { EngineClient } from '../engine/EngineApi.ts';

/**
 * The platform that an image of the engine's is made for, where it is not the one that is wanted.
 * @param wanted `OS/ARCHITECTURE[/VARIANT]`; without a variant any will do
 */
export async function otherPlatform(
  client: EngineClient,
  image: string,
  wanted: string,
): Promise<string | undefined> {
  const {
    Os: os = '',
    Architecture: architecture = '',
    Variant: variant = '',
  } = await client.request<{
    Os?: string;
    Architecture?: string;
    Variant?: string;
  }>({ path: `/images/${image}/json` });
  const [wantedOs, wantedArchitecture, wantedVariant = ''] = wanted.split('/');
  const isWanted =
    os === wantedOs &&
    architecture === wantedArchitecture &&
    (wantedVariant === '' || variant === '' || variant === wantedVariant);
  return isWanted ? undefined : [os, architecture, variant].filter(Boolean).join('/');
}
