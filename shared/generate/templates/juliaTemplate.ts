import { IMAGE_FORM, VERSION_FORM } from '../Choices.ts';
import type { Template } from '../TemplateContext.ts';
import {
  addMpiEnvironment,
  addPackages,
  addRun,
  addTargets,
  addWorkplace,
  chown,
  offerPackages,
  runtimeName,
} from './dockerfileParts.ts';

/** Julia: packages compiled in a layer of their own, sources after them. */
export const juliaTemplate: Template = (context) => {
  const { draft, program, choices, settings } = context;
  const { facts } = program;
  const version = choices.offer({
    id: 'version',
    label: 'Julia version',
    value: /(\d+\.\d+)/.exec(facts['version'] ?? '')?.[1] ?? '1.10',
    options: ['1.10', '1.11'].map((value) => ({ value, label: value })),
    free: true,
    form: VERSION_FORM,
    explanation:
      facts['version'] === undefined
        ? 'No file asks for one; 1.10 has long-term support.'
        : `Project.toml asks for “${facts['version']}”.`,
  });
  const base = choices.offer({
    id: 'base',
    label: 'Base image',
    value: `julia:${version}-bookworm`,
    free: true,
    form: IMAGE_FORM,
    explanation: 'The official image. Julia compiles while it runs, so that it is needed in the image.',
  });
  const hasMpi = settings.ranks !== undefined;
  const packages = offerPackages(
    context,
    'run',
    hasMpi ? ['openmpi-bin', 'libopenmpi-dev'] : [],
    'Debian packages that the program or its packages need.',
  );
  const isProject = program.finding.tool === 'pkg';
  draft.add(
    `FROM ${base}${runtimeName(context)}`,
    'One stage: what Julia compiles must stay where it was compiled.',
  );
  addPackages(context, packages, 'What the program or its packages need.');
  addMpiEnvironment(context);
  if (settings.march !== 'native')
    draft.add(
      `ENV JULIA_CPU_TARGET=${settings.march === 'portable' ? '"generic;haswell,clone_all;skylake-avx512,clone_all"' : 'haswell'}`,
      'Packages are compiled for several processors, so that a node of another kind need not compile them anew at each start.',
    );
  addWorkplace(context);
  if (isProject) {
    draft.add(`ENV JULIA_DEPOT_PATH=/opt/julia`, 'Packages lie outside anybody’s home.');
    draft.add(
      `COPY Project.toml${facts['lock'] === undefined ? '' : ' Manifest.toml'} ./`,
      'Only the lists of packages are copied first: while they stay the same, the packages are taken from the cache.',
    );
    if (facts['lock'] === undefined)
      context.remarks.push(
        'There is no Manifest.toml: each build takes the newest packages. Run “julia --project -e "using Pkg; Pkg.resolve()"” and keep the file.',
      );
    addRun(context, [`julia --project=/app -e 'using Pkg; Pkg.instantiate(); Pkg.precompile()'`], {
      note: 'Downloads and compiles the packages while the image is built, so that the program starts at once. Not into a cache mount: they must be in the image.',
    });
    draft.add(
      `ENV JULIA_DEPOT_PATH=${settings.user === undefined ? '/root' : `/home/${settings.user}`}/.julia:/opt/julia`,
      'The program’s user may write into its own folder and reads the packages from the other.',
    );
  }
  draft.add(`COPY ${chown(context)}. .`, 'The sources come last: they change most often.');
  addTargets(context, (entry) => ['julia', ...(isProject ? ['--project=/app'] : []), entry.id]);
  return {
    ignore: ['**/*.jl.*.cov', '**/*.jl.mem', 'docs/build'],
    threads: ['JULIA_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS'],
  };
};
