/** The page's own scheme and host; nothing else is ever loaded. */
export const SCHEME = 'app';
export const HOST = 'flotilla';
export const ORIGIN = `${SCHEME}://${HOST}`;
export const HOME_URL = `${ORIGIN}/index.html`;
