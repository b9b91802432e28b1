import { type FolderScan, stemOf } from '../FolderScan.ts';
import { type DetectedProgram, type EntryPoint, isMainName, isWorkerName, rankEntries } from '../Program.ts';

/** Java by pom.xml, build.gradle or its sources. */
export function detectJava(scan: FolderScan): DetectedProgram[] {
  const sources = scan.paths.filter((path) => /\.(java|kt)$/.test(path) && !/(^|\/)src\/test\//.test(path));
  const gradle = ['build.gradle', 'build.gradle.kts'].find((name) => scan.paths.includes(name));
  const hasMaven = scan.paths.includes('pom.xml');
  if (!hasMaven && gradle === undefined && sources.length === 0) return [];
  const entries: EntryPoint[] = [];
  for (const path of sources) {
    const text = scan.texts.get(path) ?? '';
    if (!/\bstatic\s+(?:\w+\s+)*void\s+main\s*\(|^fun\s+main\s*\(/m.test(text)) continue;
    const name = stemOf(path);
    const space = /^\s*package\s+([\w.]+)/m.exec(text)?.[1];
    const own = path.endsWith('.kt') ? `${name}Kt` : name;
    const id = space === undefined ? own : `${space}.${own}`;
    entries.push({
      id,
      name,
      label: id,
      score: isMainName(name.toLowerCase()) ? 4 : isWorkerName(name) ? 1 : 2,
    });
  }
  const named =
    /<mainClass>\s*([\w.$]+)\s*<\/mainClass>/.exec(scan.texts.get('pom.xml') ?? '')?.[1] ??
    /mainClass(?:\.set\(|\s*=\s*)["']([\w.$]+)["']/.exec(scan.texts.get(gradle ?? '') ?? '')?.[1];
  if (named !== undefined)
    entries.push({
      id: named,
      name: named.split('.').at(-1) ?? named,
      label: `${named} (named in the build file)`,
      score: 10,
    });
  const release =
    /<(?:maven\.compiler\.(?:release|source|target)|java\.version|release)>\s*(\d+)/.exec(
      scan.texts.get('pom.xml') ?? '',
    )?.[1] ??
    /(?:JavaLanguageVersion\.of\(|VERSION_|sourceCompatibility\s*=\s*["']?)(\d+)/.exec(
      scan.texts.get(gradle ?? '') ?? '',
    )?.[1];
  const found: DetectedProgram[] = [];
  const add = (tool: string, evidence: string[], confidence: number, reason: string): void => {
    found.push({
      finding: { kind: 'java', tool, uses: [], evidence, reason, confidence },
      entries: rankEntries(entries),
      facts: {
        version: release,
        wrapper: scan.paths.includes(tool === 'maven' ? 'mvnw' : 'gradlew') ? 'yes' : undefined,
        settings: ['settings.gradle', 'settings.gradle.kts'].find((name) => scan.paths.includes(name)),
      },
    });
  };
  if (hasMaven) add('maven', ['pom.xml'], 0.92, 'pom.xml describes a Java project built by Maven.');
  if (gradle !== undefined)
    add('gradle', [gradle], 0.91, `${gradle} describes a Java project built by Gradle.`);
  if (found.length === 0 && sources.some((path) => path.endsWith('.java')))
    add('javac', sources.slice(0, 3), 0.63, 'Java sources and no build file.');
  return found;
}
