import { StreamLanguage } from '@codemirror/language';
import { dockerFile } from '@codemirror/legacy-modes/mode/dockerfile';
import { yaml } from '@codemirror/legacy-modes/mode/yaml';
import type { Extension } from '@codemirror/state';
import type { ProjectFileKind } from '#shared/domain/ProjectFile.ts';

/** Comments, and patterns that take something back in. */
const ignoreFile = StreamLanguage.define({
  token(stream) {
    if (stream.sol() && stream.match(/^\s*#.*/)) return 'comment';
    if (stream.sol() && stream.eat('!')) return 'operator';
    if (stream.match(/^[*?]+/)) return 'keyword';
    stream.next();
    stream.eatWhile(/[^*?]/);
    return null;
  },
  languageData: { commentTokens: { line: '#' } },
});

const LANGUAGES: Record<ProjectFileKind, Extension> = {
  dockerfile: StreamLanguage.define(dockerFile),
  ignore: ignoreFile,
  compose: StreamLanguage.define(yaml),
};

export function fileLanguage(kind: ProjectFileKind): Extension {
  return LANGUAGES[kind];
}
