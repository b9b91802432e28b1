import { IMAGE_FORM, VERSION_FORM } from '../Choices.ts';
import type { Template } from '../TemplateContext.ts';
import {
  addPackages,
  addRun,
  addTargets,
  addWorkplace,
  offerPackages,
  runtimeName,
} from './dockerfileParts.ts';

/** Go: one static program, on a small Debian. */
export const goTemplate: Template = (context) => {
  const { draft, program, choices, settings, targets } = context;
  const { facts } = program;
  const hasCgo = facts['cgo'] === 'yes';
  const version = choices.offer({
    id: 'version',
    label: 'Go version',
    value: facts['version'] ?? '1.23',
    free: true,
    form: VERSION_FORM,
    explanation: facts['version'] === undefined ? 'No file asks for one.' : 'go.mod asks for it.',
  });
  const buildBase = choices.offer({
    id: 'build-base',
    label: 'Image that compiles',
    value: `golang:${version}-bookworm`,
    free: true,
    form: IMAGE_FORM,
    explanation: 'The official image; it stays in the build stage.',
  });
  const base = choices.offer({
    id: 'base',
    label: 'Base image',
    value: 'debian:12-slim',
    options: ['debian:12-slim', 'debian:13-slim'].map((value) => ({ value, label: value })),
    free: true,
    form: IMAGE_FORM,
    explanation:
      'The program needs nothing; a small Debian gives it certificates, time zones and a shell to look around with.',
  });
  const packages = offerPackages(
    context,
    'run',
    [],
    'Debian packages that the program needs at run time, e.g. ca-certificates for HTTPS.',
  );
  const caches = { caches: ['/go/pkg/mod', '/root/.cache/go-build'] };
  draft.add(`FROM ${buildBase} AS build`, 'The compiler stays in a stage of its own.');
  draft.add(
    `ENV CGO_ENABLED=${hasCgo ? '1' : '0'} \\\n    GOMODCACHE=/go/pkg/mod \\\n    GOCACHE=/root/.cache/go-build${settings.march === 'portable' ? '' : ' \\\n    GOAMD64=v3'}`,
    hasCgo
      ? 'The program calls C: it is linked with the C library.'
      : 'Without C the program is one file that runs on any Linux.',
  );
  draft.add('WORKDIR /src');
  if (facts['requires'] === 'yes') {
    draft.add(
      `COPY go.mod${facts['sums'] === undefined ? '' : ' go.sum'} ./`,
      'Only the lists of modules are copied first: while they stay the same, the modules are taken from the cache.',
    );
    addRun(context, ['go mod download'], caches);
  }
  draft.add('COPY . .');
  const builds = [...new Map(targets.map(({ entry }) => [entry.id, entry])).values()].map(
    (entry) => `go build -trimpath -ldflags=-s -o /out/${entry.name} ${entry.id}`,
  );
  addRun(
    context,
    [
      ...(program.finding.tool === 'none' ? [`go mod init ${targets[0]?.entry.name ?? 'app'}`] : []),
      ...builds,
    ],
    {
      ...caches,
      note: 'Without paths of the build and without the symbol table. Go’s cache goes by content, so that it never serves what is old.',
    },
  );
  draft.gap().add(`FROM ${base}${runtimeName(context)}`, 'The image that runs: the program alone.');
  addPackages(context, packages, 'What the program needs at run time.');
  draft.add('COPY --from=build /out/ /usr/local/bin/');
  addWorkplace(context);
  addTargets(context, (entry) => [entry.name]);
  return { ignore: ['bin', '**/*.test', '**/*.out', 'vendor/**/testdata'], threads: ['GOMAXPROCS'] };
};
