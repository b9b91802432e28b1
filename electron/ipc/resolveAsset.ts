import { extname, resolve, sep } from 'node:path';

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * The file under `root` that a URL's path names, or null when it names none that may be served: outside of the root, hidden, of an
 * unknown kind, or written in a way no page of ours would (encoded twice, backslashes, zero bytes).
 */
export function resolveAsset(root: string, urlPath: string): { path: string; contentType: string } | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (/[\0\\%]/.test(decoded) || !decoded.startsWith('/')) return null;
  const relative = decoded === '/' ? '/index.html' : decoded;
  if (relative.split('/').some((part) => part.startsWith('.'))) return null;
  const base = resolve(root);
  const path = resolve(base, `.${relative}`);
  const contentType = CONTENT_TYPES[extname(path).toLowerCase()];
  return path.startsWith(base + sep) && contentType !== undefined ? { path, contentType } : null;
}
