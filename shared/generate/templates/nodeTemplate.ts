import { IMAGE_FORM, VERSION_FORM } from '../Choices.ts';
import type { Template } from '../TemplateContext.ts';
import {
  addPackages,
  addRun,
  addTargets,
  addWorkplace,
  chown,
  offerPackages,
  runtimeName,
} from './dockerfileParts.ts';

interface Installer {
  /** Before the first install. */
  prepare: string[];
  all: string;
  production: string;
  build: string;
  cache: string;
}

const LOCKLESS_NPM: Installer = {
  prepare: [],
  all: 'npm install',
  production: 'npm install --omit=dev',
  build: 'npm run build',
  cache: '/root/.npm',
};
const INSTALLERS: Record<string, Installer> = {
  npm: { ...LOCKLESS_NPM, all: 'npm ci', production: 'npm ci --omit=dev' },
  yarn: {
    prepare: [],
    all: 'yarn install --frozen-lockfile',
    production: 'yarn install --frozen-lockfile --production',
    build: 'yarn run build',
    cache: '/usr/local/share/.cache/yarn',
  },
  pnpm: {
    prepare: ['npm install --global pnpm@9.15.0'],
    all: 'pnpm install --frozen-lockfile',
    production: 'pnpm install --frozen-lockfile --prod',
    build: 'pnpm run build',
    cache: '/root/.local/share/pnpm/store',
  },
};

/** Node: packages in a stage of their own, without those for development; the program is started by node itself. */
export const nodeTemplate: Template = (context) => {
  const { draft, program, choices, scan } = context;
  const { facts, finding } = program;
  const version = choices.offer({
    id: 'version',
    label: 'Node version',
    value: facts['version'] ?? '22',
    options: ['22', '24', '20'].map((value) => ({ value, label: value })),
    free: true,
    form: VERSION_FORM,
    explanation:
      facts['version'] === undefined
        ? 'No file asks for one; this is one with long-term support.'
        : 'The project asks for it.',
  });
  const slim = `node:${version}-bookworm-slim`;
  const base = choices.offer({
    id: 'base',
    label: 'Base image',
    value: slim,
    options: [slim, `node:${version}-bookworm`].map((value) => ({ value, label: value })),
    free: true,
    form: IMAGE_FORM,
    explanation:
      'The official image without compilers. For packages with native parts take the one without -slim.',
  });
  const packages = offerPackages(context, 'run', [], 'Debian packages that the program needs at run time.');
  const installs = facts['installs'] === 'yes';
  const builds = facts['builds'] === 'yes';
  if (installs) {
    const { lock } = facts;
    const tool = lock === undefined ? LOCKLESS_NPM : (INSTALLERS[finding.tool] ?? LOCKLESS_NPM);
    if (lock === undefined)
      context.remarks.push(
        'There is no lock file: each build takes the newest packages. Run “npm install” and keep package-lock.json.',
      );
    const caches = { caches: [tool.cache] };
    const lists = (): void =>
      void draft.add(
        `COPY package.json${lock === undefined ? '' : ` ${lock}`} ./`,
        'Only the lists of packages are copied first: while they stay the same, the packages are taken from the cache.',
      );
    draft.add(
      `FROM ${base} AS packages`,
      'The packages that running needs, without what only installing them needs.',
    );
    draft.add('WORKDIR /app');
    lists();
    addRun(context, [...tool.prepare, tool.production, 'mkdir -p node_modules'], caches);
    if (builds) {
      draft
        .gap()
        .add(`FROM ${base} AS build`, 'Packages for development are needed to build, and only here.');
      draft.add('WORKDIR /app');
      lists();
      addRun(context, [...tool.prepare, tool.all], caches);
      draft.add('COPY . .');
      addRun(context, [tool.build, 'rm -rf node_modules']);
    }
  }
  draft
    .gap()
    .add(
      `FROM ${base}${runtimeName(context)}`,
      'The image that runs. Its tag names a version, so that it stays the same Node.',
    );
  addPackages(context, packages, 'What the program needs at run time.');
  draft.add('ENV NODE_ENV=production', 'Many packages are faster and quieter with it.');
  addWorkplace(context);
  if (installs)
    draft.add('COPY --from=packages /app/node_modules ./node_modules', 'The packages, ready to use.');
  if (installs && builds)
    draft.add(`COPY --from=build ${chown(context)}/app ./`, 'The sources and what was built.');
  else
    draft.add(
      `COPY ${chown(context)}. .`,
      'The sources come last: they change most often. What .dockerignore names stays out.',
    );
  if (finding.tool === 'yarn' && scan.paths.includes('.yarnrc.yml'))
    context.remarks.push(
      '.yarnrc.yml belongs to Yarn 2 or newer: write “yarn workspaces focus --production” where the Dockerfile installs.',
    );
  addTargets(context, (entry) => ['node', entry.id]);
  return {
    ignore: ['**/node_modules', 'npm-debug.log*', '.npm', '.next', 'coverage'],
    threads: ['UV_THREADPOOL_SIZE'],
  };
};
