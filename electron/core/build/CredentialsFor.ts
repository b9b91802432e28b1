/**
 * Answers what a person is logged in with at a registry, by its host as engines name it (e.g. `registry-1.docker.io`,
 * `127.0.0.1:5000`); undefined where there is no login. Never written to a log or a view.
 */
export type CredentialsFor = (host: string) => Promise<{ username: string; secret: string } | undefined>;
