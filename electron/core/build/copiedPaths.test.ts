import { expect, it } from 'vitest';
import { copiedPaths, hidesCopies } from './copiedPaths.ts';

it.each<[string, string[]]>([
  ['COPY . .', ['']],
  ['COPY ./ /app/', ['']],
  ['COPY / /app/', ['']],
  ['COPY a.py ./lib/ /app/', ['a.py', 'lib']],
  ['COPY --chown=1:1 --link ["my file", "/there/"]', ['my file']],
  ['ADD src/*.py data/run?/in.csv /app/', ['src', 'data']],
  ['ARG X\nCOPY $X /app/', ['']],
  ['COPY conf/${X}/a /app/', ['conf']],
  ['COPY ../a/b /app/', ['a/b']],
  ['COPY . .\nCOPY a a b/', ['', 'a']],
  ['COPY a \\\n  b \\\n  /app/', ['a', 'b']],
  ['COPY --from=build /out /out', []],
  ['ADD https://example.org/x.tar /x/', []],
  ['ADD git@example.org:x/y.git /x/', []],
  ['COPY <<EOF /a\nCOPY . .\nEOF', []],
  ['RUN --mount=type=bind,target=/src make', ['']],
  ['RUN --mount=type=bind,from=build,target=/src make', []],
  ['RUN --mount=type=cache,target=/c make', []],
  ['RUN --mount=target=. make', ['']],
  ['RUN --mount=from=build,type=bind,target=/src make', []],
  ['RUN --mount=type=cache,target=/c --mount=type=bind,target=/s make', ['']],
  ['RUN echo COPY . .', []],
])('%j copies %j', (text, paths) => {
  expect(copiedPaths(`FROM scratch AS build\n${text}\n`, undefined)).toEqual(paths);
});

it('goes no further than the target, and takes what cannot be read for one that copies all', () => {
  const text = 'FROM a AS one\nCOPY one .\nFROM one AS two\nCOPY two .\n';
  expect(copiedPaths(text, 'one')).toEqual(['one']);
  expect(copiedPaths(text, undefined)).toEqual(['one', 'two']);
  expect(copiedPaths('', undefined)).toEqual(['']);
});

it.each<[string, string, boolean]>([
  ['COPY . /app', '/app', true],
  ['COPY . /app/', '/', true],
  ['COPY a /app/a\nCOPY b /app/b', '/app', true],
  ['COPY a /app/a\nCOPY b /lib/b', '/app', false],
  ['COPY . /application', '/app', false],
  ['WORKDIR /app\nCOPY . .', '/app', true],
  ['WORKDIR /app\nWORKDIR src\nCOPY ["a", "b/"]', '/app/src', true],
  ['WORKDIR /app\nCOPY . .', '/results', false],
  ['COPY . .', '/app', false],
  ['COPY . $PLACE', '/app', false],
  ['COPY . /app\nRUN --mount=type=bind,target=/src make', '/app', false],
  ['COPY --from=build /out /out\nCOPY . /app', '/app', true],
  ['RUN true', '/app', false],
])('%j is hidden by %s: %s', (text, folder, isHidden) => {
  expect(hidesCopies(`FROM scratch AS build\n${text}\n`, undefined, folder)).toBe(isHidden);
});
