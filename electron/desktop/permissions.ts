import type { Session } from 'electron';

/** All a page of ours ever asks for. */
const ALLOWED: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'notifications']);

export function isAllowed(permission: string): boolean {
  return ALLOWED.has(permission);
}

/** Electron grants every permission unless all three doors are shut. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(isAllowed(permission)));
  session.setPermissionCheckHandler((_contents, permission) => isAllowed(permission));
  session.setDevicePermissionHandler(() => false);
}
