import { debianPrograms } from './debianPrograms.ts';

/** The Debian release that has docker's plugins; this machine's own may be older. */
const RELEASE = 'trixie';
const PLUGINS = ['docker-buildx', 'docker-compose'];

/** A folder to name as DOCKER_CONFIG, with `docker buildx` and `docker compose` as plugins; or why there is none. */
export const dockerPlugins = (): { folder: string } | { missing: string } =>
  debianPrograms({
    name: `docker-plugins-${RELEASE}`,
    release: RELEASE,
    packages: PLUGINS,
    programs: Object.fromEntries(
      PLUGINS.map((name) => [`usr/libexec/docker/cli-plugins/${name}`, `cli-plugins/${name}`]),
    ),
  });
