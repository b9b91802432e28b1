import { IMAGE_FORM } from '../Choices.ts';
import type { Template, TemplateContext } from '../TemplateContext.ts';
import { compileCommand } from './compileCommand.ts';
import {
  addMpiEnvironment,
  addPackages,
  addRun,
  addTargets,
  addWorkplace,
  offerPackages,
  runtimeName,
} from './dockerfileParts.ts';

const DEBIAN = 'debian:12-slim';
const CUDA_BUILD = 'nvidia/cuda:12.6.3-devel-ubuntu22.04';
const CUDA_RUN = 'nvidia/cuda:12.6.3-runtime-ubuntu22.04';
const IGNORE = [
  'build',
  'cmake-build-*',
  'builddir',
  '**/CMakeCache.txt',
  '**/CMakeFiles',
  '**/*.o',
  '**/*.obj',
  '**/*.mod',
  '**/*.smod',
  '**/*.a',
  '**/*.so',
  '**/*.exe',
  '**/a.out',
];

/** C, C++ and Fortran: compiled in one stage, and only what was made runs in the other. */
export const compiledTemplate: Template = (context) => {
  const { draft, program, choices, settings } = context;
  const { uses, tool } = program.finding;
  const hasCuda = uses.includes('cuda');
  const hasMpi = settings.ranks !== undefined;
  const buildBase = choices.offer({
    id: 'build-base',
    label: 'Image that compiles',
    value: hasCuda ? CUDA_BUILD : DEBIAN,
    options: [DEBIAN, 'debian:13-slim', 'ubuntu:24.04', 'gcc:12-bookworm', CUDA_BUILD].map((value) => ({
      value,
      label: value,
    })),
    free: true,
    form: IMAGE_FORM,
    explanation: hasCuda
      ? 'NVIDIA’s development image holds nvcc and the CUDA headers; it stays in the build stage.'
      : 'Compilers come from Debian’s packages, so that the libraries they link are the ones of the image that runs.',
  });
  const base = choices.offer({
    id: 'base',
    label: 'Base image',
    value: hasCuda ? CUDA_RUN : DEBIAN,
    options: [DEBIAN, 'debian:13-slim', 'ubuntu:24.04', CUDA_RUN].map((value) => ({ value, label: value })),
    free: true,
    form: IMAGE_FORM,
    explanation: hasCuda
      ? 'NVIDIA’s runtime image: the CUDA libraries without the compiler. The driver comes from the host.'
      : 'The same system as the one that compiles, without the compilers: the program finds the libraries it was linked with.',
  });
  const buildPackages = offerPackages(
    context,
    'build',
    [
      'build-essential',
      ...(program.facts['fortran'] === 'yes' ? ['gfortran'] : []),
      ...(tool === 'cmake' ? ['cmake'] : []),
      ...(tool === 'meson' ? ['meson', 'ninja-build'] : []),
      ...(hasMpi ? ['libopenmpi-dev', 'openmpi-bin'] : []),
      ...(settings.cache && !hasCuda ? ['ccache'] : []),
    ],
    'Compilers, build tool and headers. Add the -dev packages of what the program links, e.g. libfftw3-dev.',
  );
  const runPackages = offerPackages(
    context,
    'run',
    [
      ...(program.facts['fortran'] === 'yes' ? ['libgfortran5'] : []),
      ...(program.facts['cpp'] === 'yes' ? ['libstdc++6'] : []),
      ...(uses.includes('openmp') ? ['libgomp1'] : []),
      ...(hasMpi ? ['openmpi-bin'] : []),
    ],
    'The libraries that the compiled program loads. Add those of your own, e.g. libfftw3-double3.',
  );
  draft.add(
    `FROM ${buildBase} AS build`,
    'Compilers are large and of no use to what runs: they stay in a stage of their own.',
  );
  addPackages(context, buildPackages, 'What compiling needs.');
  const usesCcache = settings.cache && / ccache( |$)/.test(` ${buildPackages} `);
  const flags = flagsOf(context);
  const variables = [
    ...(usesCcache ? ['PATH=/usr/lib/ccache:$PATH', 'CCACHE_DIR=/root/.cache/ccache'] : []),
    ...['CFLAGS', 'CXXFLAGS', 'FFLAGS', 'FCFLAGS'].map((name) => `${name}="${flags}"`),
  ];
  if (tool !== 'compiler')
    draft.add(
      `ENV ${variables.join(' \\\n    ')}`,
      `${flagsNote(context)} Build tools read these variables${tool === 'make' ? ' unless the Makefile sets its own' : ''}.${usesCcache ? ' ccache keeps what was compiled, by content.' : ''}`,
    );
  else if (usesCcache) draft.add('ENV PATH=/usr/lib/ccache:$PATH CCACHE_DIR=/root/.cache/ccache');
  draft.add(
    'WORKDIR /src\nCOPY . .',
    'What .dockerignore names stays out: objects and programs of your machine would only be in the way.',
  );
  const caches = { caches: usesCcache ? ['/root/.cache/ccache'] : [] };
  const programs = [...new Set(context.targets.map(({ entry }) => entry.id))];
  if (tool === 'cmake') {
    addRun(
      context,
      [
        'cmake -S . -B /build -DCMAKE_BUILD_TYPE=Release -DCMAKE_RUNTIME_OUTPUT_DIRECTORY=/out',
        `cmake --build /build --parallel --target ${programs.join(' ')}`,
      ],
      {
        ...caches,
        note: 'Outside the sources, optimised, and with all programs in one folder.',
      },
    );
  } else if (tool === 'meson') {
    addRun(
      context,
      [
        'meson setup /build --buildtype=release',
        'meson compile -C /build',
        'mkdir /out',
        ...programs.map((name) => `find /build -type f -name ${name} -exec cp {} /out/ \\;`),
      ],
      { ...caches, note: 'Outside the sources, optimised; the programs are gathered in one folder.' },
    );
  } else if (tool === 'make') {
    addRun(context, ['make -j "$(nproc)"', 'mkdir /out', `cp ${programs.join(' ')} /out/`], {
      ...caches,
      note: 'Runs the Makefile’s first target on all cores and takes the programs out of the source folder.',
    });
  } else {
    addRun(
      context,
      ['mkdir -p /out', ...context.targets.map(({ entry }) => compileCommand(context, entry, flags))],
      {
        ...caches,
        note: `There is no build file: the sources are compiled in one go. ${flagsNote(context)}`,
      },
    );
  }
  draft
    .gap()
    .add(
      `FROM ${base}${runtimeName(context)}`,
      'The image that runs: the program and the libraries it loads.',
    );
  addPackages(context, runPackages, 'The libraries that the program loads.');
  draft.add(
    'COPY --from=build /out/ /usr/local/bin/',
    'Programs only. Files that they read (parameters, tables) are mounted, or copied with a line of their own, e.g. COPY params.nml .',
  );
  addMpiEnvironment(context);
  addWorkplace(context);
  addTargets(context, (entry) => [
    tool === 'compiler' ? entry.name : (entry.id.split('/').at(-1) ?? entry.id),
  ]);
  return {
    ignore: IGNORE,
    threads: uses.includes('openmp')
      ? ['OMP_NUM_THREADS']
      : ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'],
  };
};

function flagsOf({ settings }: TemplateContext): string {
  return settings.march === 'portable' ? '-O2' : `-O3 -march=${settings.march}`;
}

function flagsNote({ settings }: TemplateContext): string {
  if (settings.march === 'portable') return 'Code for every processor of this kind.';
  return settings.march === 'native'
    ? 'Code for the processor that builds: on an older one the program ends with “Illegal instruction”.'
    : 'Code for processors with AVX2 (x86-64-v3, about 2015 and newer); faster vector loops, and “Illegal instruction” on older ones and on ARM.';
}
