import type { InstructionDocs } from './InstructionDoc.ts';
import { addFlags, copyFlags, fromFlags, healthcheckFlags, runFlags } from './flagDocs.ts';

/** Every instruction of a Dockerfile, in the order one meets them. */
export const INSTRUCTION_DOCS: readonly InstructionDocs[] = [
  {
    name: 'FROM',
    syntax: 'FROM [--platform=…] image[:tag][@digest] [AS name]',
    text: 'Begins a stage with an image, an earlier stage or nothing (scratch). What is built in one stage can be copied into another, so that compilers stay out of what is shipped.',
    example: 'FROM python:3.12-slim AS run',
    flags: fromFlags,
  },
  {
    name: 'ARG',
    syntax: 'ARG name[=default]',
    text: 'A value that can be given for a build. Before the first FROM it may be used in FROM lines only. It stands in the image’s history: never a place for secrets.',
    example: 'ARG DEBIAN=12.5',
    flags: [],
  },
  {
    name: 'RUN',
    syntax: 'RUN command && command',
    text: 'Runs commands in the image as it stands and keeps what they changed as a layer. What one RUN wrote, a later one can only hide: clean up in the same one.',
    example: 'RUN cmake -B build && cmake --build build --parallel',
    flags: runFlags,
  },
  {
    name: 'COPY',
    syntax: 'COPY [flags] source… target',
    text: 'Copies files from the build context, or with --from out of another stage. Sources are relative to the context folder; a target that ends in “/” is a folder and is made.',
    example: 'COPY requirements.txt ./',
    flags: copyFlags,
  },
  {
    name: 'ADD',
    syntax: 'ADD [flags] source… target',
    text: 'Like COPY, but unpacks local archives and fetches addresses and Git repositories. Use COPY where that is not meant.',
    example: 'ADD --checksum=sha256:24454f8… https://example.org/mesh.tar /data/',
    flags: addFlags,
  },
  {
    name: 'WORKDIR',
    syntax: 'WORKDIR /path',
    text: 'The folder where the steps below and the program begin. It is made if it is not there. Relative paths go on from the WORKDIR before.',
    example: 'WORKDIR /app',
    flags: [],
  },
  {
    name: 'ENV',
    syntax: 'ENV name=value …',
    text: 'Variables of all steps below and of the program. A service can override them. For compute images: numbers of threads that fit the limit, and unbuffered output.',
    example: 'ENV OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1',
    flags: [],
  },
  {
    name: 'USER',
    syntax: 'USER name[:group] | number[:number]',
    text: 'Who runs the steps below and the program. A number works on every system; the user need not exist. Without it all runs as root.',
    example: 'USER 1000:1000',
    flags: [],
  },
  {
    name: 'ENTRYPOINT',
    syntax: 'ENTRYPOINT ["program", "argument"]',
    text: 'The program of the image; CMD and a service’s command are added to it as arguments. Written as a list it gets the signals, so that it can stop cleanly.',
    example: 'ENTRYPOINT ["mpirun", "-n", "4", "solve"]',
    flags: [],
  },
  {
    name: 'CMD',
    syntax: 'CMD ["program", "argument"]',
    text: 'What is run where nothing else is said: a program, or the usual arguments of ENTRYPOINT. Only the last one of a stage counts.',
    example: 'CMD ["python", "main.py"]',
    flags: [],
  },
  {
    name: 'EXPOSE',
    syntax: 'EXPOSE port[/tcp|/udp]',
    text: 'Notes that the program listens there. It publishes nothing: that is what ports: of a service does.',
    example: 'EXPOSE 8080',
    flags: [],
  },
  {
    name: 'VOLUME',
    syntax: 'VOLUME ["/path"]',
    text: 'A folder that is kept outside the container, in a volume without a name unless the service gives one. What steps below write there is lost.',
    example: 'VOLUME ["/data"]',
    flags: [],
  },
  {
    name: 'LABEL',
    syntax: 'LABEL name=value …',
    text: 'Facts about the image that tools can read, such as its source and version.',
    example: 'LABEL org.opencontainers.image.source=https://example.org/solver',
    flags: [],
  },
  {
    name: 'HEALTHCHECK',
    syntax: 'HEALTHCHECK [flags] CMD ["program"] | NONE',
    text: 'A command that tells whether the program still works: 0 means yes. Services can wait for it with depends_on.',
    example: 'HEALTHCHECK --interval=30s --timeout=3s CMD ["solve", "--ping"]',
    flags: healthcheckFlags,
  },
  {
    name: 'STOPSIGNAL',
    syntax: 'STOPSIGNAL signal',
    text: 'The signal that asks the program to stop; SIGTERM if nothing is said. After the grace period it is killed.',
    example: 'STOPSIGNAL SIGINT',
    flags: [],
  },
  {
    name: 'SHELL',
    syntax: 'SHELL ["program", "argument"]',
    text: 'The shell of all RUN, CMD and ENTRYPOINT below that are no lists. With pipefail a failure in front of a pipe stops the build.',
    example: 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
    flags: [],
  },
  {
    name: 'ONBUILD',
    syntax: 'ONBUILD instruction',
    text: 'An instruction that is run when another image starts from this one. It surprises people: a comment above is due.',
    example: 'ONBUILD COPY . /app',
    flags: [],
  },
  {
    name: 'MAINTAINER',
    syntax: 'MAINTAINER name',
    text: 'Who made the image. Deprecated: write a label.',
    example: 'LABEL org.opencontainers.image.authors="Ada <ada@example.org>"',
    flags: [],
  },
];

export function instructionDocs(name: string): InstructionDocs | undefined {
  const upper = name.toUpperCase();
  return INSTRUCTION_DOCS.find((docs) => docs.name === upper);
}
