import { debianPrograms } from './debianPrograms.ts';

/** The first Debian release whose engine is of the generation that most people run today. */
const RELEASE = 'forky';

/**
 * A folder with a newer engine than this machine's packages have, to be put before PATH: dockerd 28 or later, its proxy, and its
 * containerd. The program that runs containers (runc) is the machine's own. Or why there is none.
 */
export const newEngine = (): { folder: string } | { missing: string } =>
  debianPrograms({
    name: `engine-${RELEASE}`,
    release: RELEASE,
    packages: ['docker.io', 'containerd'],
    programs: {
      'usr/sbin/dockerd': 'dockerd',
      'usr/sbin/docker-proxy': 'docker-proxy',
      'usr/bin/containerd': 'containerd',
      'usr/bin/containerd-shim-runc-v2': 'containerd-shim-runc-v2',
    },
  });
