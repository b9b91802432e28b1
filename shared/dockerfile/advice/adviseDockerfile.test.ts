import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../compose/applyEdits.ts';
import { diagnoseDockerfile } from '../diagnoseDockerfile.ts';
import type { DockerfileFacts } from '../DockerfileFacts.ts';

/** `code severity line` of everything found. */
const found = (text: string, facts?: DockerfileFacts): string[] =>
  diagnoseDockerfile('Dockerfile', text, facts).map(
    ({ code, severity, range }) => `${code} ${severity} ${range?.line}`,
  );

/** The text after the first fix of the finding with that code. */
const fixed = (text: string, code: string, facts?: DockerfileFacts): string => {
  const diagnostic = diagnoseDockerfile('Dockerfile', text, facts).find((one) => one.code === code);
  const fix = diagnostic?.fixes[0];
  if (fix === undefined) throw new Error(`${code} has no fix in:\n${text}`);
  const result = applyEdits(text, fix.edits);
  // A fix that leaves its finding, or that brings another, is none.
  expect(found(result, facts).filter((line) => line.startsWith(`${code} `))).toEqual([]);
  return result;
};

const HEAD = 'FROM debian:12.5-slim\n';
const TAIL = 'USER 1000\nCMD ["/app/solve"]\n';
const inside = (lines: string): string[] => found(`${HEAD}${lines}\n${TAIL}`);

const GOOD: Record<string, string> = {
  'python in two stages': `FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip pip install --prefix=/install -r requirements.txt

FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 OMP_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false MAX_TOKENS=512 SSH_AUTH_SOCK=/ssh
COPY --from=build /install /usr/local
WORKDIR /app
COPY . .
USER 1000:1000
ENTRYPOINT ["python", "-m", "solver"]
CMD ["--steps", "100"]
`,
  'C with MPI': `ARG DEBIAN=12.5
FROM debian:\${DEBIAN}-slim AS build
RUN apt-get update \\
    # the compiler and MPI
    && apt-get install -y --no-install-recommends build-essential cmake libopenmpi-dev
WORKDIR /src
COPY . .
RUN cmake -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build --parallel

FROM debian:\${DEBIAN}-slim AS run
RUN apt-get update \\
    && apt-get install -y --no-install-recommends openmpi-bin \\
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/build/solve /usr/local/bin/solve
USER nobody
STOPSIGNAL SIGINT
HEALTHCHECK --interval=30s --timeout=3s CMD ["solve", "--ping"]
CMD ["solve"]
`,
  'here-documents and cache mounts': `FROM ubuntu:24.04 AS base
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked <<EOF
# sudo would be wrong here
apt-get update
apt-get install -y --no-install-recommends gfortran
EOF
COPY --chown=1000:1000 --link *.f90 /app/
RUN --mount=type=secret,id=token,env=TOKEN ./fetch
USER 1000
ENTRYPOINT ["/app/solve"]
`,
  Julia: `FROM julia:1.10.4
WORKDIR /app
COPY Project.toml Manifest.toml ./
RUN julia --project -e 'using Pkg; Pkg.instantiate()'
COPY src ./src
EXPOSE 8080 9000-9010/tcp
USER 1000
CMD exec julia --project src/main.jl
`,
  'Windows words and an escape of its own': `# escape=\`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
WORKDIR C:\\app
COPY run.exe \`
     C:\\app\\
USER ContainerUser
CMD ["run.exe"]
`,
  'Go from scratch': `FROM golang:1.22 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -o /worker ./cmd/worker

FROM scratch
COPY --from=build /worker /worker
COPY --from=alpine:3.19 /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
USER 65532:65532
ENTRYPOINT ["/worker"]
`,
};

describe('good Dockerfiles', () => {
  it.each(Object.entries(GOOD))('says nothing of %s', (_, text) => {
    expect(found(text, { hasIgnoreFile: true })).toEqual([]);
    expect(found(text.replaceAll('\n', '\r\n'), { hasIgnoreFile: true })).toEqual([]);
    expect(found(`\uFEFF${text}`, { hasIgnoreFile: true })).toEqual([]);
  });
});

describe('the templates that come with Flotilla', () => {
  const templates = join(import.meta.dirname, '../../../resources/templates');
  const files = readdirSync(templates, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /(?:^|[/.])Dockerfile$/.test(path),
  );
  it('holds some', () => expect(files.length).toBeGreaterThan(0));
  it.each(files)('warns of nothing in %s', (path) => {
    const text = readFileSync(join(templates, path), 'utf8');
    expect(found(text, { hasIgnoreFile: true }).filter((line) => !line.includes(' info '))).toEqual([]);
  });
});

describe('the base image', () => {
  it('asks for a version, at the image’s place', () => {
    expect(found(`FROM ubuntu\n${TAIL}`)).toEqual(['unpinned-base warning 1']);
    expect(found(`FROM localhost:5000/hpc/gcc:latest AS x\n${TAIL}`)).toEqual(['unpinned-base warning 1']);
    const [place] = diagnoseDockerfile('Dockerfile', `FROM --platform=linux/amd64 ubuntu\n${TAIL}`);
    expect([place?.range?.start, place?.range?.end]).toEqual([28, 34]);
  });
  it('leaves scratch, digests, variables and stages alone', () => {
    for (const from of ['scratch', `busybox@sha256:${'a'.repeat(64)}`, 'localhost:5000/x:2'])
      expect(found(`FROM ${from}\n${TAIL}`)).toEqual([]);
    expect(found(`ARG I=x:1\nFROM $I AS one\nFROM one\n${TAIL}`)).toEqual([]);
  });
  it('knows stages', () => {
    const text = `FROM a:1 AS build\nFROM b:1\nCOPY --from=biuld /x /x\nCOPY --from=7 /x /x\nCOPY --from=later /x /x\n${TAIL}FROM c:1 AS later\n${TAIL}`;
    expect(found(text)).toEqual([
      'unknown-stage warning 3',
      'stage-not-yet warning 4',
      'stage-not-yet warning 5',
    ]);
    expect(fixed(text, 'unknown-stage')).toContain('--from=build /x');
    expect(found(`FROM a:1 AS x\nFROM b:1 AS X\n${TAIL}`)).toContain('duplicate-stage warning 2');
  });
});

describe('the order of steps', () => {
  const before = `FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nWORKDIR /app\nCOPY . .\n# the libraries\nRUN pip install -r requirements.txt\n${TAIL}`;
  it('installs before it copies, with its list and remarks', () => {
    expect(found(before)).toEqual(['cache-order warning 4']);
    expect(fixed(before, 'cache-order')).toBe(
      `FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nWORKDIR /app\nCOPY requirements.txt ./\n# the libraries\nRUN pip install -r requirements.txt\nCOPY . .\n${TAIL}`,
    );
    const crlf = before.replaceAll('\n', '\r\n').replace('COPY . .', 'COPY --chown=1 . /app/');
    expect(fixed(crlf, 'cache-order')).toContain(
      'COPY --chown=1 requirements.txt ./\r\n# the libraries\r\nRUN pip install -r requirements.txt\r\nCOPY --chown=1 . /app/\r\nUSER',
    );
  });
  it('moves packages that need nothing of the project, also at the end of the text', () => {
    const text = `${HEAD}COPY . /src\nRUN apt-get update && apt-get install -y --no-install-recommends gcc && rm -rf /var/lib/apt/lists/*`;
    expect(fixed(text, 'cache-order')).toBe(
      `${HEAD}RUN apt-get update && apt-get install -y --no-install-recommends gcc && rm -rf /var/lib/apt/lists/*\nCOPY . /src\n`,
    );
  });
  it.each([
    ['other work in the step', 'COPY . .\nRUN pip install -r requirements.txt && ./setup'],
    ['something in between', 'COPY . .\nENV A=1\nRUN pip install -r requirements.txt'],
    ['another folder', 'COPY . /src\nRUN pip install -r requirements.txt'],
    ['a list made of variables', 'COPY . .\nRUN pip install -r $LIST'],
    ['scripts of the project', 'COPY . .\nRUN npm install'],
  ])('offers no fix with %s', (_, lines) => {
    const text = `FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nWORKDIR /app\n${lines}\n${TAIL}`;
    const [order] = diagnoseDockerfile('Dockerfile', text);
    expect([order?.code, order?.fixes]).toEqual(['cache-order', []]);
  });
  it('offers no fix where the list is not in the context, and sees no order in installing the project itself', () => {
    const [order] = diagnoseDockerfile('Dockerfile', before, { contextPaths: ['main.py'] });
    expect(order?.fixes).toEqual([]);
    for (const install of ['pip install --no-cache-dir .', 'pip install --no-cache-dir -e ./lib'])
      expect(inside(`COPY . .\nRUN ${install}`)).toEqual([]);
  });
});

describe('packages', () => {
  it('cleans up after apt, in the same step', () => {
    const text = `${HEAD}RUN apt-get update && \\\n    apt-get install -y gcc\n${TAIL}`;
    expect(found(text)).toEqual(['apt-lists-kept warning 3', 'apt-recommends info 3']);
    expect(fixed(text, 'apt-lists-kept')).toBe(
      `${HEAD}RUN apt-get update && \\\n    apt-get install -y gcc \\\n    && rm -rf /var/lib/apt/lists/*\n${TAIL}`,
    );
    expect(fixed(text, 'apt-recommends')).toContain('install --no-install-recommends -y gcc');
  });
  it('says nothing of lists in a stage that is thrown away', () => {
    expect(
      found(
        `${HEAD.trimEnd()} AS b\nRUN apt-get update && apt-get install -y --no-install-recommends gcc\n${HEAD}COPY --from=b /x /x\n${TAIL}`,
      ),
    ).toEqual([]);
  });
  it('wants update and install together, and an answer', () => {
    expect(inside('RUN apt-get update')).toEqual(['apt-update-alone warning 2']);
    const asks = `${HEAD}RUN DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends gcc; rm -rf /var/lib/apt/lists/*\n${TAIL}`;
    expect(found(asks)).toEqual(['apt-asks warning 2']);
    expect(fixed(asks, 'apt-asks')).toContain('apt-get install -y --no-install');
    expect(
      inside('RUN apt-get -qqy install --no-install-recommends g++ && rm -rf /var/lib/apt/lists/*'),
    ).toEqual([]);
  });
  it.each(['pip install numpy', 'pip3 install numpy', 'python3.11 -m pip install numpy'])(
    'keeps pip’s cache out of the image: %s',
    (command) => {
      const text = `${HEAD}RUN ${command}\n${TAIL}`;
      expect(found(text)).toEqual(['pip-cache-kept warning 2']);
      expect(fixed(text, 'pip-cache-kept')).toContain('install --no-cache-dir numpy');
    },
  );
  it('knows other ways to keep it out', () => {
    expect(inside('RUN PIP_NO_CACHE_DIR=1 pip install numpy')).toEqual([]);
    expect(inside('ENV PIP_NO_CACHE_DIR=off\nRUN pip install numpy')).toEqual([]);
    expect(inside('RUN --mount=type=cache,target=/root/.cache/pip pip install numpy')).toEqual([]);
    expect(inside('RUN echo "pip install numpy"')).toEqual([]);
    expect(inside('RUN conda install -y numpy')).toEqual(['conda-cache-kept info 2']);
  });
});

describe('secrets', () => {
  it.each([
    'ARG GITHUB_TOKEN',
    'ARG githubToken=abc',
    'ENV DB_PASSWORD=hunter2',
    'ENV A=1 AWS_SECRET_ACCESS_KEY="x y" B=2',
    'ENV API_KEY hunter2',
    'ENV INDEX=https://me:hunter2@pypi.example/simple',
  ])('sees %s and does not repeat its value', (line) => {
    const [secret] = diagnoseDockerfile('Dockerfile', `${HEAD}${line}\n${TAIL}`);
    expect(secret?.code).toBe('secret-in-image');
    expect(secret?.message + (secret?.explanation ?? '')).not.toContain('hunter2');
    expect(secret?.explanation).toContain('--mount=type=secret');
  });
  it.each([
    'ENV AUTHOR=me',
    'ENV MONKEY=1',
    'ENV DB_PASSWORD_FILE=/run/secrets/db',
    'ENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D',
    'ENV USE_AUTH=true',
    'ARG KEYBOARD=us',
    'ENV URL=https://example.org/a:b@c',
    'ENV COMPASS=north KEYRING=/x',
  ])('leaves %s alone', (line) => expect(inside(line)).toEqual([]));
});

describe('users', () => {
  it('tells that the program runs as root, where it is started', () => {
    const text = `${HEAD}USER 1000\nRUN true\nUSER root\nENTRYPOINT ["a"]\nCMD ["b"]\n`;
    expect(found(text)).toEqual(['root-user info 6']);
    expect(fixed(text, 'root-user')).toContain('USER root\nUSER 1000:1000\nENTRYPOINT');
    expect(found(`${HEAD.trimEnd()} AS b\nUSER 7\nFROM b\nCMD ["b"]\n`)).toEqual([]);
    expect(found('FROM gcr.io/distroless/base:nonroot\nCMD ["b"]\n')).toEqual([]);
  });
  it('takes sudo away where the step is root already', () => {
    expect(fixed(`${HEAD}RUN sudo make && sudo make install\n${TAIL}`, 'sudo-in-run')).toContain(
      'RUN make && make',
    );
    expect(
      diagnoseDockerfile('Dockerfile', `${HEAD}USER 7\nRUN sudo make\n${TAIL}`).map(({ code, fixes }) => [
        code,
        fixes.length,
      ]),
    ).toEqual([['sudo-in-run', 0]]);
  });
});

describe('programs', () => {
  it('writes a list where a shell would only cut at blanks', () => {
    const text = `${HEAD}USER 1\nCMD python3 -u main.py --n 5\n`;
    expect(found(text)).toEqual(['shell-form warning 3']);
    expect(fixed(text, 'shell-form')).toContain('CMD ["python3", "-u", "main.py", "--n", "5"]\n');
    expect(fixed(`${HEAD}USER 1\nENTRYPOINT solve $THREADS\n`, 'shell-form')).toContain(
      'ENTRYPOINT exec solve $THREADS',
    );
  });
  it('offers nothing where exec would catch only a part', () => {
    const [form] = diagnoseDockerfile('Dockerfile', `${HEAD}USER 1\nCMD prepare && solve\n`);
    expect([form?.code, form?.fixes]).toEqual(['shell-form', []]);
  });
  it('knows lists that are none, and programs without effect', () => {
    const text = `${HEAD}USER 1\nCMD ['a']\nCMD ["b"]\n`;
    expect(found(text)).toContain('overridden-instruction warning 3');
    expect(fixed(text, 'single-quoted-list')).toContain('CMD ["a"]');
  });
});

describe('steps', () => {
  it('prefers COPY, and lets ADD do what only it can', () => {
    expect(fixed(`${HEAD}ADD main.py /app/\n${TAIL}`, 'add-instead-of-copy')).toContain('COPY main.py');
    expect(inside('ADD data.tar.gz /data/')).toEqual([]);
    expect(inside('ADD https://example.org/x /x')).toEqual(['add-from-network info 2']);
    expect(inside('ADD --checksum=sha256:aa https://example.org/x /x')).toEqual([]);
  });
  it('knows folders', () => {
    expect(fixed(`${HEAD}RUN cd /app\n${TAIL}`, 'cd-without-effect')).toBe(`${HEAD}WORKDIR /app\n${TAIL}`);
    expect(inside('RUN cd /src && make')).toEqual(['cd-instead-of-workdir info 2']);
    expect(inside('RUN cd build && make')).toEqual([]);
    expect(fixed(`${HEAD}WORKDIR app\n${TAIL}`, 'relative-workdir')).toContain('WORKDIR /app\n');
    expect(inside('WORKDIR /app\nWORKDIR sub')).toEqual([]);
  });
  it('notes what only the building machine may run, ports, and old words', () => {
    expect(inside('RUN gcc -O3 -march=native a.c')).toEqual(['native-code info 2']);
    expect(inside('ENV RUSTFLAGS="-C target-cpu=native"')).toEqual(['native-code info 2']);
    expect(inside('EXPOSE 0 80 70000/tcp 9-8 $PORT')).toEqual([
      'port-out-of-range warning 2',
      'port-out-of-range warning 2',
      'port-out-of-range warning 2',
    ]);
    expect(fixed(`${HEAD}MAINTAINER Ada <a@b.c>\n${TAIL}`, 'deprecated-maintainer')).toContain(
      'LABEL org.opencontainers.image.authors="Ada <a@b.c>"',
    );
  });
  it('says what a builder would refuse', () => {
    expect(inside('COPY a')).toContain('invalid-argument-requires-at-least-two warning 2');
    expect(fixed(`${HEAD}run true\n${TAIL}`, 'instruction-case')).toContain('RUN true');
  });
});

describe('the context', () => {
  const text = `${HEAD}COPY . /app\n${TAIL}`;
  it('misses an ignore file only where it is known to be missing', () => {
    expect(found(text)).toEqual([]);
    expect(found(text, { hasIgnoreFile: true })).toEqual([]);
    expect(found(text, { hasIgnoreFile: false })).toEqual(['missing-dockerignore info 2']);
    expect(found(text, { hasIgnoreFile: false, contextPaths: ['a.py', 'deploy/id_rsa'] })).toEqual([
      'missing-dockerignore warning 2',
    ]);
    const [missing] = diagnoseDockerfile('sub/Dockerfile', text, {
      hasIgnoreFile: false,
      ignoreFile: 'sub/.dockerignore',
    });
    expect(missing?.fixes[0]?.edits).toMatchObject([{ file: 'sub/.dockerignore', start: 0, end: 0 }]);
  });
  it('knows sources that are not there', () => {
    const facts = { contextPaths: ['src/main.py', 'requirements.txt'] };
    expect(found(`${HEAD}COPY src /src\nCOPY *.txt ./\nCOPY requirement.txt ./\n${TAIL}`, facts)).toEqual([
      'missing-source warning 4',
    ]);
    expect(fixed(`${HEAD}COPY requirement.txt ./\n${TAIL}`, 'missing-source', facts)).toContain(
      'COPY requirements.txt ./',
    );
  });
});

describe('what is no Dockerfile', () => {
  it('is quick with a long text and never throws', () => {
    expect(found(`${HEAD}${'RUN true\n'.repeat(10_000)}`)).toEqual([]);
    for (const text of [
      '',
      '\0',
      'FROM',
      'FROM \\',
      'ADD [',
      'RUN <<',
      'COPY --from= a b',
      'ENV =',
      'FROM a AS',
      '# escape=',
    ])
      expect(() => diagnoseDockerfile('Dockerfile', text)).not.toThrow();
  });
});
