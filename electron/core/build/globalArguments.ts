import type { DockerfileInstruction } from '#shared/dockerfile/parseDockerfile.ts';

/**
 * Fills the build arguments before the first FROM into a name, as the engine does with the names of images.
 * @param args as the build is given them; others have the default of their ARG
 */
export function globalArguments(
  instructions: readonly DockerfileInstruction[],
  args: Readonly<Record<string, string>>,
): (name: string) => string {
  const values = new Map<string, string>();
  for (const { keyword, argument } of instructions) {
    if (keyword.toUpperCase() === 'FROM') break;
    const [name = '', value = ''] = argument.split(/=(.*)/s, 2);
    if (keyword.toUpperCase() === 'ARG')
      values.set(name, args[name] ?? value.replace(/^(["'])(.*)\1$/, '$2'));
  }
  return (name) =>
    name.replace(
      /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
      (_, braced?: string, usual?: string, bare?: string) =>
        values.get(braced ?? bare ?? '') || (usual ?? ''),
    );
}
