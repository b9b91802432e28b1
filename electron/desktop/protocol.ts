import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { resolveAsset } from '#ipc/resolveAsset.ts';
import { securityHeaders } from '#ipc/securityHeaders.ts';
import { HOST, SCHEME } from './origin.ts';

/** Must be called before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page as `app://flotilla/…`. */
export function serveRenderer(rendererFolder: string): void {
  protocol.handle(SCHEME, (request) => answer(request, rendererFolder));
}

async function answer(request: Request, rendererFolder: string): Promise<Response> {
  const refuse = (status: number): Response => new Response(null, { status, headers: securityHeaders() });
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
  const url = new URL(request.url);
  if (url.host !== HOST) return refuse(404);
  const asset = resolveAsset(rendererFolder, url.pathname);
  if (asset === null) return refuse(404);
  try {
    const body = await readFile(asset.path);
    return new Response(new Uint8Array(body), {
      status: 200,
      headers: { ...securityHeaders(), 'content-type': asset.contentType },
    });
  } catch {
    return refuse(404);
  }
}
