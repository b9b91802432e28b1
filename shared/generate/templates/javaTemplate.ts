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
import { shellWord } from './compileCommand.ts';

/** Java: compiled by Maven, Gradle or javac, run on a JRE. */
export const javaTemplate: Template = (context) => {
  const { draft, program, choices, scan } = context;
  const { tool } = program.finding;
  const version = choices.offer({
    id: 'version',
    label: 'Java version',
    value: program.facts['version'] ?? '21',
    options: ['21', '17', '11'].map((value) => ({ value, label: value })),
    free: true,
    form: VERSION_FORM,
    explanation:
      program.facts['version'] === undefined
        ? 'No file asks for one; this is one with long-term support.'
        : 'The project asks for it.',
  });
  const buildBase = choices.offer({
    id: 'build-base',
    label: 'Image that compiles',
    value:
      tool === 'maven'
        ? `maven:3.9-eclipse-temurin-${version}`
        : tool === 'gradle'
          ? `gradle:8.11-jdk${version}`
          : `eclipse-temurin:${version}-jdk-jammy`,
    free: true,
    form: IMAGE_FORM,
    explanation: 'Compiler and build tool; they stay in the build stage.',
  });
  const base = choices.offer({
    id: 'base',
    label: 'Base image',
    value: `eclipse-temurin:${version}-jre-jammy`,
    free: true,
    form: IMAGE_FORM,
    explanation:
      'The Java machine without a compiler. It counts the CPUs and the memory of its container by itself.',
  });
  const packages = offerPackages(context, 'run', [], 'Debian packages that the program needs at run time.');
  draft.add(`FROM ${buildBase} AS build`, 'Compiler and build tool stay in a stage of their own.');
  draft.add('WORKDIR /src');
  if (tool === 'maven') {
    const caches = { caches: ['/root/.m2'] };
    draft.add(
      'COPY pom.xml ./',
      'Only the list of packages is copied first: while it stays the same, they are taken from the cache.',
    );
    addRun(context, ['mvn -B -q dependency:go-offline'], caches);
    draft.add('COPY . .');
    addRun(
      context,
      [
        'mvn -B -q package dependency:copy-dependencies -DskipTests -DincludeScope=runtime -DoutputDirectory=/out',
        'cp target/*.jar /out/',
      ],
      {
        ...caches,
        note: 'All jars, yours and those you use, in one folder. Tests belong into a run of their own.',
      },
    );
  } else if (tool === 'gradle') {
    draft.add('COPY . .');
    addRun(
      context,
      [
        `${program.facts['wrapper'] === 'yes' ? 'sh ./gradlew' : 'gradle'} --no-daemon installDist`,
        'mkdir /out',
        'cp build/install/*/lib/*.jar /out/',
      ],
      {
        caches: ['/root/.gradle'],
        note: 'The application plugin gathers all jars in one folder. GRADLE_USER_HOME must be /root/.gradle for the cache to be used.',
      },
    );
  } else {
    const sources = scan.paths.filter((path) => path.endsWith('.java') && !/(^|\/)tests?\//.test(path));
    draft.add('COPY . .');
    addRun(context, [
      `javac -d /out ${sources.length > 0 && sources.length <= 40 ? sources.map(shellWord).join(' ') : "$(find . -name '*.java')"}`,
    ]);
  }
  draft
    .gap()
    .add(
      `FROM ${base}${runtimeName(context)}`,
      'The image that runs. Its tag names a version, so that it stays the same Java.',
    );
  addPackages(context, packages, 'What the program needs at run time.');
  draft.add('COPY --from=build /out/ /opt/app/');
  draft.add(
    'ENV JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=75',
    'The heap follows the memory limit of the container; the rest is for threads and native memory.',
  );
  addWorkplace(context);
  addTargets(context, (entry) => ['java', '-cp', tool === 'javac' ? '/opt/app' : '/opt/app/*', entry.id]);
  return { ignore: ['target', 'build', '.gradle', '**/*.class', 'out', '.idea'], threads: [] };
};
