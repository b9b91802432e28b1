/** Names of a project's compose file, in the order in which compose looks for them (compose-go, `DefaultFileNames`). */
export const COMPOSE_NAMES = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
] as const;

/** Names of the file laid upon it, whichever of the names above that has (compose-go, `DefaultOverrideFileNames`). */
export const OVERRIDE_NAMES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
] as const;
