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

/** R: packages from a dated snapshot in a layer of their own, scripts after them. */
export const rTemplate: Template = (context) => {
  const { draft, program, choices, settings } = context;
  const { tool } = program.finding;
  const version = choices.offer({
    id: 'version',
    label: 'R version',
    value: program.facts['version'] ?? '4.4.2',
    free: true,
    form: VERSION_FORM,
    explanation: program.facts['version'] === undefined ? 'No file asks for one.' : 'renv.lock asks for it.',
  });
  const base = choices.offer({
    id: 'base',
    label: 'Base image',
    value: `rocker/r-ver:${version}`,
    options: [`rocker/r-ver:${version}`, `r-base:${version}`].map((value) => ({ value, label: value })),
    free: true,
    form: IMAGE_FORM,
    explanation:
      'The Rocker project’s images take packages from the day of this R’s release, ready compiled: the same packages tomorrow.',
  });
  const hasMpi = settings.ranks !== undefined;
  const packages = offerPackages(
    context,
    'run',
    hasMpi ? ['openmpi-bin', 'libopenmpi-dev'] : [],
    'Libraries that R packages need, e.g. libgdal-dev.',
  );
  const used = (program.facts['packages'] ?? '').split(' ').filter(Boolean);
  draft.add(`FROM ${base}${runtimeName(context)}`, 'Its tag names a version, so that it stays the same R.');
  addPackages(context, packages, 'Libraries that R packages need.');
  addMpiEnvironment(context);
  addWorkplace(context);
  if (tool === 'renv') {
    draft.add(
      'ENV RENV_PATHS_LIBRARY=/opt/renv RENV_CONFIG_CACHE_ENABLED=FALSE',
      'The library lies outside the project and holds the packages themselves, not links.',
    );
    draft.add(
      'COPY renv.lock ./',
      'Only the list of packages is copied first: while it stays the same, they are taken from the cache.',
    );
    addRun(context, [
      `Rscript -e 'install.packages("renv"); renv::restore(library = .libPaths()[1], prompt = FALSE)'`,
    ]);
  } else if (tool === 'description') {
    draft.add(
      'COPY DESCRIPTION ./',
      'Only the list of packages is copied first: while it stays the same, they are taken from the cache.',
    );
    addRun(context, [`Rscript -e 'install.packages("remotes"); remotes::install_deps(dependencies = NA)'`]);
  } else if (used.length > 0) {
    addRun(context, [`Rscript -e 'install.packages(c(${used.map((name) => `"${name}"`).join(', ')}))'`], {
      note: 'The packages that library() names in the scripts. A failed package only warns: look at the output.',
    });
    context.remarks.push(
      'The packages were read off the scripts. renv::snapshot() would pin their versions.',
    );
  }
  draft.add(`COPY ${chown(context)}. .`, 'The scripts come last: they change most often.');
  addTargets(context, (entry) => ['Rscript', entry.id]);
  return {
    ignore: ['.Rproj.user', '.Rhistory', '.RData', 'renv/library', 'renv/staging', '**/*.Rcheck'],
    threads: ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'MC_CORES'],
  };
};
