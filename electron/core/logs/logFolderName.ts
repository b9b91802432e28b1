import { createHash } from 'node:crypto';

/** An app's id as the name of the folder that its log is kept in: ids that a file system may not take are told apart by a hash. */
export function logFolderName(appId: string): string {
  const safe = appId.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 60);
  return safe === appId ? safe : `${safe}-${createHash('sha256').update(appId).digest('hex').slice(0, 12)}`;
}
