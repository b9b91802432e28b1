import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { readEnvFile } from '#shared/compose/readEnvFile.ts';
import type { BuildSecretModel } from '#shared/domain/ServiceModel.ts';
import { BuildProblem } from './BuildProblem.ts';

/** BuildKit takes no larger secret. */
const LARGEST_BYTES = 500 * 1024;

/**
 * The value of a build secret: a file inside the project, or a variable of the project's .env file. Nothing else is
 * read, least of all the environment Flotilla runs in.
 * @throws BuildProblem naming the secret and what is wrong with it.
 */
export async function readSecret(projectRoot: string, secret: BuildSecretModel): Promise<Buffer> {
  if (secret.environment !== undefined) {
    const text = await readInside(projectRoot, '.env', secret.id);
    const value = readEnvFile(text.toString('utf8'), () => undefined).variables.get(secret.environment);
    if (value === undefined)
      throw new BuildProblem({
        message: `The secret \`${secret.id}\` is to come from the variable ${secret.environment}, which is not in the project’s .env file.`,
        hint: 'Add it there. Variables of the shell Flotilla was started from are not passed on.',
      });
    return Buffer.from(value, 'utf8');
  }
  return readInside(projectRoot, secret.file ?? '', secret.id);
}

async function readInside(projectRoot: string, path: string, id: string): Promise<Buffer> {
  const problem = (what: string, hint: string): BuildProblem =>
    new BuildProblem({ message: `The secret \`${id}\` cannot be read: ${what}.`, hint });
  const root = await realpath(projectRoot);
  let place: string;
  try {
    place = await realpath(join(root, path));
  } catch {
    throw problem(
      `there is no \`${path}\` in the project`,
      'Add the file, or correct its path in the compose file.',
    );
  }
  if (!place.startsWith(root + sep))
    throw problem(`\`${path}\` lies outside the project`, 'Put the file itself into the project folder.');
  const file = await open(
    place,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  ).catch(() => {
    throw problem(`\`${path}\` may not be read`, 'Make the file readable for you.');
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw problem(`\`${path}\` is no file`, 'Name a file.');
    if (stats.size > LARGEST_BYTES)
      throw problem(
        `\`${path}\` is larger than 500 KiB`,
        'Secrets are keys and tokens; copy data with COPY.',
      );
    const content = Buffer.alloc(stats.size);
    const { bytesRead } = await file.read(content, 0, stats.size, 0);
    return content.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
