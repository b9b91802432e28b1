import { IMAGE_FORM, VERSION_FORM } from '../Choices.ts';
import type { Template, TemplateContext } from '../TemplateContext.ts';
import { pythonVersion, PYTHON_VERSIONS } from './pythonVersion.ts';
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

const CUDA_BASE = 'nvidia/cuda:12.6.3-runtime-ubuntu24.04';
const CONDA_BASE = 'mambaorg/micromamba:1.5.10-bookworm-slim';
const DEBIAN_BASE = 'debian:12-slim';
const IGNORE = [
  '**/__pycache__',
  '**/*.py[cod]',
  '.venv',
  'venv',
  'env',
  '.tox',
  '.pytest_cache',
  '.mypy_cache',
  '.ruff_cache',
  '**/*.egg-info',
  'build',
  'dist',
  '**/.ipynb_checkpoints',
];
const THREADS = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMEXPR_NUM_THREADS'];
/** Programs that install; pinned, so that a build tomorrow does what it does today. */
const INSTALLERS = { uv: 'uv==0.5.11', poetry: 'poetry==1.8.5', pipenv: 'pipenv==2024.4.0' };

/** Python: packages in a virtual environment that a first stage makes, sources in the second. */
export const pythonTemplate: Template = (context) => {
  const { program, draft } = context;
  const { tool } = program.finding;
  if (tool === 'conda') addConda(context);
  else {
    const base = offerBase(context);
    const installs = tool !== 'none';
    if (installs) addEnvironment(context, base);
    else draft.add('# No packages to install: the sources alone, on a Python of a known version.');
    draft
      .gap()
      .add(
        `FROM ${base}${runtimeName(context)}`,
        'The image that runs. Its tag names a version, so that it stays the same Python.',
      );
    addRuntime(context, installs ? '/opt/venv' : undefined, isSystemPython(base));
  }
  return { ignore: IGNORE, threads: THREADS };
};

function offerBase({ choices, program }: TemplateContext): string {
  const { uses } = program.finding;
  const told = program.facts['version'];
  const version = choices.offer({
    id: 'version',
    label: 'Python version',
    value: pythonVersion(told),
    options: PYTHON_VERSIONS.map((value) => ({ value, label: value })),
    free: true,
    form: VERSION_FORM,
    explanation:
      told === undefined
        ? 'No file asks for one; this is one that most packages support.'
        : `The project asks for “${told}”.`,
  });
  // Wheels of PyTorch and JAX bring CUDA along; CuPy and PyCUDA look for it in the image.
  const needsCuda = uses.includes('cuda') && program.facts['cudaInImage'] === 'yes';
  const slim = `python:${version}-slim-bookworm`;
  return choices.offer({
    id: 'base',
    label: 'Base image',
    value: needsCuda ? CUDA_BASE : slim,
    options: [slim, `python:${version}-bookworm`, ...(uses.includes('cuda') ? [CUDA_BASE] : [])].map(
      (value) => ({ value, label: value }),
    ),
    free: true,
    form: IMAGE_FORM,
    explanation: needsCuda
      ? 'NVIDIA’s image holds the CUDA libraries that the packages look for; Python comes from Ubuntu’s packages.'
      : uses.includes('cuda')
        ? 'The official image without compilers. PyTorch and JAX bring CUDA in their wheels; the driver comes from the host.'
        : 'The official image without compilers: small, and with a full Debian below for wheels to run on.',
  });
}

/** NVIDIA's and plain Debian images have no Python: it comes from apt. */
function isSystemPython(base: string): boolean {
  return /^(nvidia\/|debian[:@]|ubuntu[:@])/.test(base);
}

function addEnvironment(context: TemplateContext, base: string): void {
  const { program, draft, scan } = context;
  const { tool, uses } = program.finding;
  const packages = offerPackages(
    context,
    'build',
    [
      ...(isSystemPython(base) ? ['python3', 'python3-venv', 'python3-pip'] : []),
      ...(uses.includes('mpi') ? ['build-essential', 'libopenmpi-dev'] : []),
    ],
    uses.includes('mpi')
      ? 'mpi4py is compiled against Open MPI; compiler and headers stay in the build stage.'
      : 'For packages that have no wheel, add build-essential and what they compile against. They stay in the build stage.',
  );
  draft.add(
    `FROM ${base} AS build`,
    'Packages are installed in a stage of their own: what only installing needs does not reach the image.',
  );
  addPackages(context, packages, 'What installing needs.');
  draft.add('ENV VIRTUAL_ENV=/opt/venv \\\n    PATH=/opt/venv/bin:$PATH');
  addRun(context, ['python3 -m venv /opt/venv'], {
    note: 'Everything goes into one folder, which the next stage takes over whole.',
  });
  draft.add('WORKDIR /src');
  const pip = { caches: ['/root/.cache/pip'] };
  const first =
    'Only the list of packages is copied first: while it stays the same, this layer is taken from the cache, whatever changes in the sources.';
  const { lock } = program.facts;
  const dependencies = (files: string[]): void => void draft.add(`COPY ${files.join(' ')} ./`, first);
  if (tool === 'pip') {
    dependencies(['requirements.txt']);
    addRun(context, ['pip install -r requirements.txt'], pip);
  } else if (tool === 'pipenv') {
    dependencies(['Pipfile', ...(lock === undefined ? [] : [lock])]);
    if (lock === undefined)
      context.remarks.push(
        'There is no Pipfile.lock: each build takes the newest packages. Run “pipenv lock” and keep the file.',
      );
    addRun(
      context,
      [
        ...installTool(INSTALLERS.pipenv),
        ...(lock === undefined ? ['/opt/tools/bin/pipenv lock'] : []),
        '/opt/tools/bin/pipenv requirements > requirements.txt',
        'pip install -r requirements.txt',
      ],
      pip,
    );
  } else if (tool === 'uv') {
    dependencies(['pyproject.toml', ...(lock === undefined ? [] : [lock])]);
    const locked = lock === undefined ? '' : ' --locked';
    if (lock === undefined)
      context.remarks.push(
        'There is no uv.lock: each build takes the newest packages. Run “uv lock” and keep the file.',
      );
    draft.add('ENV UV_PROJECT_ENVIRONMENT=/opt/venv UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never');
    addRun(
      context,
      [...installTool(INSTALLERS.uv), `/opt/tools/bin/uv sync${locked} --no-dev --no-install-project`],
      {
        caches: ['/root/.cache/uv', '/root/.cache/pip'],
      },
    );
    if (program.facts['installs'] === 'yes') {
      draft.add('COPY . .');
      addRun(context, ['/opt/tools/bin/pip --python /opt/venv/bin/python3 install --no-deps .'], {
        caches: ['/root/.cache/uv'],
        note: 'Installs the project itself, with its console scripts.',
      });
    }
  } else if (tool === 'poetry') {
    dependencies(['pyproject.toml', ...(lock === undefined ? [] : [lock])]);
    if (lock === undefined)
      context.remarks.push(
        'There is no poetry.lock: each build takes the newest packages. Run “poetry lock” and keep the file.',
      );
    draft.add('ENV POETRY_NO_INTERACTION=1');
    addRun(
      context,
      [...installTool(INSTALLERS.poetry), '/opt/tools/bin/poetry install --only main --no-root'],
      {
        caches: ['/root/.cache/pypoetry', '/root/.cache/pip'],
      },
    );
    draft.add('COPY . .');
    addRun(context, ['pip install --no-deps .'], {
      ...pip,
      note: 'Installs the project itself, with its console scripts.',
    });
  } else if (tool === 'pyproject') {
    if (program.facts['dynamic'] !== 'yes') {
      dependencies(['pyproject.toml']);
      addRun(
        context,
        [
          `python3 -c "import tomllib; print('\\n'.join(tomllib.load(open('pyproject.toml', 'rb'))['project'].get('dependencies', [])))" > /tmp/requirements.txt`,
          'pip install -r /tmp/requirements.txt',
        ],
        {
          ...pip,
          note: 'The packages that pyproject.toml names, before the sources are there. (tomllib comes with Python 3.11.)',
        },
      );
    }
    if (program.facts['installs'] === 'yes') {
      draft.add('COPY . .');
      addRun(context, ['pip install .'], {
        ...pip,
        note: 'Installs the project itself, with its console scripts.',
      });
    }
  } else if (tool === 'setuptools') {
    if (scan.paths.includes('requirements.txt')) {
      dependencies(['requirements.txt']);
      addRun(context, ['pip install -r requirements.txt'], pip);
    }
    draft.add('COPY . .');
    addRun(context, ['pip install .'], pip);
  }
}

/** What installs is kept apart from what is installed: the image gets only the latter. */
function installTool(tool: string): string[] {
  return ['python3 -m venv /opt/tools', `/opt/tools/bin/pip install ${tool}`];
}

function addConda(context: TemplateContext): void {
  const { choices, draft, program } = context;
  const manifest = program.facts['manifest'] ?? 'environment.yml';
  const base = choices.offer({
    id: 'build-base',
    label: 'Image that makes the environment',
    value: CONDA_BASE,
    free: true,
    form: IMAGE_FORM,
    explanation:
      'micromamba solves and installs conda environments without a Python of its own; nothing of it reaches the image.',
  });
  const runBase = choices.offer({
    id: 'base',
    label: 'Base image',
    value: DEBIAN_BASE,
    free: true,
    form: IMAGE_FORM,
    explanation: 'The environment brings Python and all libraries along; below it a small Debian is enough.',
  });
  draft.add(
    `FROM ${base} AS build`,
    'The environment is made in a stage of its own; only its folder is taken over.',
  );
  draft.add('USER root', 'Only in this stage, to write below /opt.');
  draft.add(
    `COPY ${manifest} /tmp/environment.yml`,
    'While this file stays the same, the environment is taken from the cache.',
  );
  addRun(context, ['micromamba create -y -p /opt/env -f /tmp/environment.yml', 'micromamba clean -afy'], {
    caches: ['/root/.cache/mamba'],
  });
  draft
    .gap()
    .add(
      `FROM ${runBase}${runtimeName(context)}`,
      'The image that runs. Its tag names a version, so that it stays the same Debian.',
    );
  addRuntime(context, '/opt/env', false);
}

function addRuntime(context: TemplateContext, environment: string | undefined, isSystem: boolean): void {
  const { draft, program } = context;
  const { uses, tool } = program.finding;
  const packages = offerPackages(
    context,
    'run',
    [...(isSystem ? ['python3'] : []), ...(uses.includes('mpi') && tool !== 'conda' ? ['openmpi-bin'] : [])],
    uses.includes('mpi')
      ? 'openmpi-bin brings mpirun and the library that mpi4py was compiled against.'
      : 'Debian packages that the program needs at run time, e.g. libgl1.',
  );
  addPackages(context, packages, 'What the program needs at run time.');
  if (environment !== undefined)
    draft.add(`COPY --from=build ${environment} ${environment}`, 'The packages, ready to use.');
  draft.add(
    `ENV ${environment === undefined ? '' : `PATH=${environment}/bin:$PATH \\\n    `}PYTHONUNBUFFERED=1`,
    'Prints appear in the log at once, not when a buffer is full.',
  );
  addMpiEnvironment(context);
  addWorkplace(context);
  draft.add(
    `COPY ${chown(context)}. .`,
    'The sources come last: they change most often. What .dockerignore names stays out.',
  );
  addTargets(context, (entry) => {
    if (entry.id.startsWith('script:')) return [entry.id.slice('script:'.length)];
    if (entry.id.endsWith('__main__.py') && entry.id.includes('/'))
      return ['python3', '-m', entry.id.slice(0, -'/__main__.py'.length).replaceAll('/', '.')];
    return ['python3', entry.id];
  });
}
