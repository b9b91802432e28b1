/** Whole steps that compute images need again and again; `${}` are places to fill in. */
export const SNIPPETS: readonly { label: string; detail: string; insert: string }[] = [
  {
    label: 'pip with a cache',
    detail: 'Python packages, fetched once',
    insert:
      'COPY ${requirements.txt} ./\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r ${requirements.txt}\n',
  },
  {
    label: 'apt packages',
    detail: 'Debian packages, nothing left behind',
    insert:
      'RUN apt-get update \\\n    && apt-get install -y --no-install-recommends ${package} \\\n    && rm -rf /var/lib/apt/lists/*\n',
  },
  {
    label: 'compile in a stage of its own',
    detail: 'C, C++, Fortran: the compiler stays out of the image',
    insert:
      'FROM ${debian:12-slim} AS build\nRUN apt-get update && apt-get install -y --no-install-recommends ${build-essential cmake}\nWORKDIR /src\nCOPY . .\nRUN cmake -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build --parallel\n\nFROM ${debian:12-slim}\nCOPY --from=build /src/build/${solve} /usr/local/bin/\nUSER 1000:1000\nENTRYPOINT ["${solve}"]\n',
  },
  {
    label: 'one thread a worker',
    detail: 'OpenMP and BLAS would otherwise take every core of the host',
    insert: 'ENV OMP_NUM_THREADS=${1:1} OPENBLAS_NUM_THREADS=${1:1} MKL_NUM_THREADS=${1:1}\n',
  },
  {
    label: 'Open MPI',
    detail: 'Libraries and mpirun from Debian',
    insert:
      'RUN apt-get update \\\n    && apt-get install -y --no-install-recommends openmpi-bin libopenmpi-dev \\\n    && rm -rf /var/lib/apt/lists/*\n',
  },
  {
    label: 'user without rights',
    detail: 'Not root, and a folder to write to',
    insert: 'RUN mkdir -p ${/results} && chown 1000:1000 ${/results}\nUSER 1000:1000\n',
  },
  {
    label: 'secret while building',
    detail: 'Leaves no trace in the image',
    insert: 'RUN --mount=type=secret,id=${token},env=${TOKEN} ${./fetch}\n',
  },
];
