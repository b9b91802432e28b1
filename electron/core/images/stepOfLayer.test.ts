import { describe, expect, it } from 'vitest';
import { stepOfLayer } from './stepOfLayer.ts';

describe('the step that made a layer', () => {
  it.each([
    ['/bin/sh -c #(nop)  CMD ["sh"]', '', 'CMD ["sh"]'],
    [
      String.raw`/bin/sh -c #(nop)  CMD ["sh" "-c" "say \" \" twice"]`,
      '',
      String.raw`CMD ["sh", "-c", "say \" \" twice"]`,
    ],
    [`/bin/sh -c #(nop) COPY file:0a1b2c3d4e5f${'0'.repeat(52)} in /app `, '', 'COPY file in /app'],
    [
      '/bin/sh -c apt-get update &&     apt-get install -y gcc',
      '',
      'RUN apt-get update && apt-get install -y gcc',
    ],
    ['RUN /bin/sh -c pip install numpy # buildkit', 'buildkit.dockerfile.v0', 'RUN pip install numpy'],
    ['COPY . /app # buildkit', 'buildkit.dockerfile.v0', 'COPY . /app'],
    ['ENV A=1', 'buildkit.dockerfile.v0', 'ENV A=1'],
    ['|2 TOKEN=secret WHERE=a b /bin/sh -c make install', '', 'RUN make install'],
    [`/bin/sh -c #(nop) ADD multi:${'a'.repeat(64)} in / `, '', 'ADD files in /'],
    ['RUN |1 WHO=π /bin/sh -c echo "hello $WHO" # buildkit', '', 'RUN echo "hello $WHO"'],
    ['RUN ["/bin/true"]', '', 'RUN ["/bin/true"]'],
    ['RUN |1 TOKEN=secret /bin/sh -c make # buildkit', 'buildkit.dockerfile.v0', 'RUN make'],
    ['/bin/bash -o pipefail -c curl x | sh', '', 'RUN curl x | sh'],
    ['bash', '', 'RUN bash'],
    ['', 'Imported from -', 'Imported from -'],
    ['', '', 'Unknown step'],
  ])('%s', (CreatedBy, Comment, step) => {
    expect(stepOfLayer({ CreatedBy, Comment })).toBe(step);
  });

  it('tells no build argument', () => {
    const step = stepOfLayer({ CreatedBy: '|1 TOKEN=hunter2 /bin/sh -c true', Comment: '' });
    expect(step).not.toContain('hunter2');
  });
});
