import { IMAGE_FORM, VERSION_FORM } from '../Choices.ts';
import type { Template } from '../TemplateContext.ts';
import {
  addMpiEnvironment,
  addPackages,
  addRun,
  addTargets,
  addWorkplace,
  offerPackages,
  runtimeName,
} from './dockerfileParts.ts';

/** Rust: cargo in one stage, the program on a small Debian in the other. */
export const rustTemplate: Template = (context) => {
  const { draft, program, choices, settings, targets } = context;
  const version = choices.offer({
    id: 'version',
    label: 'Rust version',
    value: program.facts['version'] ?? '1.83',
    free: true,
    form: VERSION_FORM,
    explanation:
      program.facts['version'] === undefined ? 'No file asks for one.' : 'The project asks for it.',
  });
  const buildBase = choices.offer({
    id: 'build-base',
    label: 'Image that compiles',
    value: `rust:${version}-slim-bookworm`,
    options: [`rust:${version}-slim-bookworm`, `rust:${version}-bookworm`].map((value) => ({
      value,
      label: value,
    })),
    free: true,
    form: IMAGE_FORM,
    explanation:
      'The official image with cargo and a linker. Without -slim it also holds the headers of common C libraries.',
  });
  const base = choices.offer({
    id: 'base',
    label: 'Base image',
    value: 'debian:12-slim',
    free: true,
    form: IMAGE_FORM,
    explanation:
      'The same Debian as below the compiler’s image: the C library is the one the program was linked with.',
  });
  const hasMpi = settings.ranks !== undefined;
  const packages = offerPackages(
    context,
    'build',
    hasMpi ? ['libopenmpi-dev', 'clang', 'libclang-dev'] : [],
    'C libraries that crates compile against, e.g. libssl-dev and pkg-config.',
  );
  const runPackages = offerPackages(
    context,
    'run',
    hasMpi ? ['openmpi-bin'] : [],
    'C libraries that the program loads, e.g. libssl3.',
  );
  const { lock } = program.facts;
  const locked = lock === undefined ? '' : ' --locked';
  if (lock === undefined)
    context.remarks.push(
      'There is no Cargo.lock: each build takes the newest crates. Run “cargo generate-lockfile” and keep the file.',
    );
  const caches = { caches: ['/usr/local/cargo/registry'] };
  draft.add(`FROM ${buildBase} AS build`, 'The compiler stays in a stage of its own.');
  addPackages(context, packages, 'What crates compile against.');
  draft.add(
    `ENV CARGO_HOME=/usr/local/cargo \\\n    CARGO_TARGET_DIR=/build${settings.march === 'portable' ? '' : ` \\\n    RUSTFLAGS="-C target-cpu=${settings.march}"`}`,
    settings.march === 'portable'
      ? 'Where cargo keeps what it downloads and compiles.'
      : 'Code for a certain processor: on an older one the program ends with “Illegal instruction”.',
  );
  draft.add('WORKDIR /src');
  if (program.facts['simple'] === 'yes') {
    draft.add(
      `COPY Cargo.toml${lock === undefined ? '' : ' Cargo.lock'} ./`,
      'Only the lists of crates are copied first: while they stay the same, the crates are taken from the cache.',
    );
    addRun(context, ['mkdir src', "echo 'fn main() {}' > src/main.rs", `cargo build --release${locked}`], {
      ...caches,
      note: 'Builds the crates with an empty program in the place of yours.',
    });
    draft.add('COPY . .');
    addRun(context, ['touch src/main.rs', `cargo build --release${locked}`, ...collect(targets)], {
      ...caches,
      note: 'cargo goes by times: without the touch it would take the empty program for the newer one.',
    });
  } else {
    draft.add('COPY . .');
    addRun(context, [`cargo build --release${locked}`, ...collect(targets)], caches);
  }
  draft.gap().add(`FROM ${base}${runtimeName(context)}`, 'The image that runs: the program alone.');
  addPackages(context, runPackages, 'The libraries that the program loads.');
  draft.add('COPY --from=build /out/ /usr/local/bin/');
  addMpiEnvironment(context);
  addWorkplace(context);
  addTargets(context, (entry) => [entry.name]);
  return { ignore: ['target', '**/*.rs.bk'], threads: ['RAYON_NUM_THREADS', 'OMP_NUM_THREADS'] };
};

function collect(targets: readonly { entry: { name: string } }[]): string[] {
  return ['mkdir /out', ...new Set(targets.map(({ entry }) => `cp /build/release/${entry.name} /out/`))];
}
