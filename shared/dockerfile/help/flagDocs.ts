import type { InstructionDoc } from './InstructionDoc.ts';

const chown: InstructionDoc = {
  name: '--chown',
  syntax: '--chown=user[:group]',
  text: 'Whom the copies belong to; root if nothing is said. Numbers need no entry in /etc/passwd.',
  example: 'COPY --chown=1000:1000 . /app',
};
const chmod: InstructionDoc = {
  name: '--chmod',
  syntax: '--chmod=0755',
  text: 'The access rights of the copies. BuildKit only.',
  example: 'COPY --chmod=0755 run.sh /usr/local/bin/',
};
const link: InstructionDoc = {
  name: '--link',
  syntax: '--link',
  text: 'Makes a layer that depends on no layer below: it stays in the cache when those change. BuildKit only.',
  example: 'COPY --link --from=build /install /usr/local',
};
const exclude: InstructionDoc = {
  name: '--exclude',
  syntax: '--exclude=pattern',
  text: 'Leaves out what matches. BuildKit with a recent # syntax= line only.',
  example: 'COPY --exclude=*.md . /app',
};

export const fromFlags: InstructionDoc[] = [
  {
    name: '--platform',
    syntax: '--platform=os/architecture',
    text: 'The platform to take the image for; that of the engine if nothing is said.',
    example: 'FROM --platform=linux/amd64 debian:12.5',
  },
];

export const copyFlags: InstructionDoc[] = [
  {
    name: '--from',
    syntax: '--from=stage | image',
    text: 'Copies out of an earlier stage, by name or number, or out of another image, instead of the build context.',
    example: 'COPY --from=build /src/solve /usr/local/bin/',
  },
  chown,
  chmod,
  link,
  {
    name: '--parents',
    syntax: '--parents',
    text: 'Keeps the folders of the sources. BuildKit with a recent # syntax= line only.',
    example: 'COPY --parents src/*/config.toml /app/',
  },
  exclude,
];

export const addFlags: InstructionDoc[] = [
  {
    name: '--checksum',
    syntax: '--checksum=sha256:…',
    text: 'Stops the build when the fetched file is another. BuildKit only.',
    example: 'ADD --checksum=sha256:24454f8… https://example.org/mesh.tar /data/',
  },
  {
    name: '--keep-git-dir',
    syntax: '--keep-git-dir=true',
    text: 'Keeps .git of a fetched repository. BuildKit only.',
    example: 'ADD --keep-git-dir=true https://example.org/solver.git#v1 /src',
  },
  chown,
  chmod,
  link,
  exclude,
];

export const runFlags: InstructionDoc[] = [
  {
    name: '--mount',
    syntax: '--mount=type=cache|secret|bind|tmpfs|ssh,…',
    text: 'Something that is there during this step only. cache: a folder kept from build to build, outside the image. secret: a file that leaves no trace. bind: files of the context or a stage without copying. BuildKit only.',
    example: 'RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt',
  },
  {
    name: '--network',
    syntax: '--network=default|none|host',
    text: 'The network of this step. none shows that it fetches nothing. BuildKit only.',
    example: 'RUN --network=none make test',
  },
  {
    name: '--security',
    syntax: '--security=sandbox|insecure',
    text: 'insecure gives the step the rights of a privileged container; the builder must allow it.',
    example: 'RUN --security=insecure ./needs-mount.sh',
  },
];

export const healthcheckFlags: InstructionDoc[] = [
  {
    name: '--interval',
    syntax: '--interval=30s',
    text: 'Time between two checks.',
    example: 'HEALTHCHECK --interval=30s CMD ["solve", "--ping"]',
  },
  {
    name: '--timeout',
    syntax: '--timeout=30s',
    text: 'After this time a check counts as failed.',
    example: 'HEALTHCHECK --timeout=3s CMD ["solve", "--ping"]',
  },
  {
    name: '--start-period',
    syntax: '--start-period=0s',
    text: 'Time to start in which failures do not count.',
    example: 'HEALTHCHECK --start-period=20s CMD ["solve", "--ping"]',
  },
  {
    name: '--retries',
    syntax: '--retries=3',
    text: 'Failures in a row until the container counts as unhealthy.',
    example: 'HEALTHCHECK --retries=3 CMD ["solve", "--ping"]',
  },
];
