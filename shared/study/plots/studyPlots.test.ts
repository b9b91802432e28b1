import { describe, expect, it } from 'vitest';
import { analyseStudy } from '../analyseStudy.ts';
import { about, testPlan, testRecord } from '../testStudy.ts';
import { plotSheet } from './plotSheet.ts';
import { studyPlots } from './studyPlots.ts';
import type { SvgNode } from './SvgNode.ts';
import { svgText } from './svgText.ts';

const amdahl = Object.fromEntries(
  [1, 2, 4, 8].map((workers) => [workers, about(8_000 * (0.1 + 0.9 / workers))]),
);
const plotsOf = (...record: Parameters<typeof testRecord>) => studyPlots(analyseStudy(testRecord(...record)));

function all(nodes: readonly (SvgNode | string)[]): SvgNode[] {
  return nodes.flatMap((node) => (typeof node === 'string' ? [] : [node, ...all(node.children)]));
}

describe('the plots of a study', () => {
  const plots = plotsOf(amdahl);

  it('are speedup, efficiency, serial fraction and times, each with its numbers', () => {
    expect(plots.map(({ id }) => id)).toEqual(['speedup', 'efficiency', 'karp-flatt', 'times']);
    const [speedup, efficiency, fraction, times] = plots;
    expect(speedup?.description).toBe('By workers 1: 1.00, 2: 1.82, 4: 3.08, 8: 4.71.');
    expect(speedup?.table.columns).toEqual(['Workers', 'Speedup', '95 % interval', 'Amdahl', 'USL']);
    expect(speedup?.table.rows[2]).toEqual([
      '4',
      '3.08',
      expect.stringMatching(/^3\.0\d–3\.1\d$/),
      '3.08',
      '3.08',
    ]);
    expect(efficiency?.table.rows.map(([, value]) => value)).toEqual(['100 %', '91 %', '77 %', '59 %']);
    expect(fraction?.table.rows.map(([workers, value]) => [workers, value])).toEqual([
      ['2', '0.100'],
      ['4', '0.100'],
      ['8', '0.100'],
    ]);
    expect(times?.table.columns).toEqual(['Workers', 'Time', '95 % interval', 'Runs']);
    expect(times?.table.rows[0]?.[3]?.split(', ')).toHaveLength(7);
  });

  it('show every run, every median and every interval, and join none of them', () => {
    const speedup = all(plots[0]?.picture.parts ?? []);
    const circles = speedup.filter(({ tag }) => tag === 'circle').map(({ attributes }) => attributes['r']);
    // The legend has one of each.
    expect(circles.filter((r) => r === 2.5)).toHaveLength(4 * 7 + 1);
    expect(circles.filter((r) => r === 3.5)).toHaveLength(4 + 1);
    const paths = speedup.filter(({ tag }) => tag === 'path');
    expect(paths.filter(({ attributes }) => String(attributes['d']).includes('h8'))).toHaveLength(3 + 1);
    // The ideal, Amdahl and the USL.
    expect(paths.filter(({ stroke }) => stroke === 'ideal')).toHaveLength(1);
    expect(
      paths.filter(({ stroke }) => stroke === 'fit').map(({ attributes }) => attributes['stroke-dasharray']),
    ).toEqual(['6 4', '1.5 3.5']);
    const times = all(plots[3]?.picture.parts ?? []);
    expect(times.filter(({ tag, attributes }) => tag === 'circle' && attributes['r'] === 2)).toHaveLength(28);
    expect(times.filter(({ tag }) => tag === 'rect').length).toBeGreaterThanOrEqual(4);
  });

  it('put the ideal on the diagonal, and the fitted curve through points that follow it', () => {
    const nodes = all(plots[0]?.picture.parts ?? []);
    const ends = (stroke: string) =>
      /^M([\d.]+),([\d.]+)L.*?L?([\d.]+),([\d.]+)$/
        .exec(String(nodes.find((node) => node.tag === 'path' && node.stroke === stroke)?.attributes['d']))
        ?.slice(1)
        .map(Number);
    const medians = nodes
      .filter(({ tag, attributes }) => tag === 'circle' && attributes['r'] === 3.5)
      .slice(1);
    const [first, last] = [medians[0]?.attributes, medians.at(-1)?.attributes];
    expect(ends('ideal')?.slice(0, 2)).toEqual([first?.['cx'], first?.['cy']]);
    const fit = ends('fit') ?? [];
    expect(fit[2]).toBe(last?.['cx']);
    expect(Math.abs((fit[3] ?? 0) - Number(last?.['cy']))).toBeLessThan(1);
  });

  it('shade what has more workers than cores, physical ones where they are known', () => {
    const shades = (host: object) =>
      all(plotsOf(amdahl, { host: { ...testPlan().host, ...host } })[0]?.picture.parts ?? []).filter(
        ({ tag, fill }) => tag === 'rect' && fill === 'shade',
      );
    expect(shades({ cpus: 16 })).toHaveLength(0);
    // One in the plot, one in the legend.
    expect(shades({ cpus: 4 })).toHaveLength(2);
    const [ofFour, ofTwo] = [shades({ cpus: 4 })[0], shades({ cpus: 4, cores: 2 })[0]];
    expect(Number(ofTwo?.attributes['x'])).toBeLessThan(Number(ofFour?.attributes['x']));
  });

  it('of weak scaling have the scaled speedup and no serial fraction', () => {
    const weak = plotsOf({ 1: about(1_000), 2: about(1_100), 4: about(1_250) }, { mode: 'weak' });
    expect(weak.map(({ title }) => title)).toEqual(['Scaled speedup', 'Efficiency', 'Time']);
    expect(weak[0]?.table.columns).toEqual(['Workers', 'Scaled speedup', '95 % interval', 'Gustafson']);
    expect(weak[0]?.table.rows[2]?.[1]).toBe('3.20');
  });

  it('of few runs have no intervals, of one count no curve, of none that count nothing', () => {
    const quick = plotsOf({ 1: [1_000, 1_010, 990], 2: [600, 605, 598] });
    expect(quick[0]?.table.rows.map((row) => row[2])).toEqual(['–', '–']);
    const one = plotsOf({ 4: about(1_000) });
    expect(one.map(({ id }) => id)).toEqual(['speedup', 'efficiency', 'karp-flatt', 'times']);
    expect(plotsOf({ 1: [Number.NaN], 2: [-5] })).toEqual([]);
  });

  it('hold no number that cannot be drawn, whatever was measured', () => {
    const wild = plotsOf({ 1: about(1), 2: about(1e9), 3: about(0.001), 1_000: about(40), 1_001: about(39) });
    for (const { picture } of wild) {
      const text = picture.parts.map(svgText).join('');
      expect(text).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
});

describe('a sheet of plots', () => {
  const plots = plotsOf(amdahl);
  const sheet = (theme: 'auto' | 'light') =>
    plotSheet(plots, { heading: 'a <b> & "c"', text: 'The verdict. '.repeat(20).trim(), theme });

  it('is a file of its own: described, nothing loaded, all text escaped', () => {
    const { svg } = sheet('auto');
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="\d+" height="\d+" viewBox="0 0 \d+ \d+" role="img"/,
    );
    expect(svg).toContain('<title>a &lt;b&gt; &amp; &quot;c&quot;</title>');
    expect(svg).toMatch(/<desc>The verdict.* Efficiency: By workers 1: 100 %/);
    expect(svg.match(/<g[ >]/g)).toHaveLength(svg.match(/<\/g>/g)?.length ?? 0);
    expect(svg).not.toMatch(/href|url\(|<script|<image|@import/i);
  });

  it('knows both themes, and one alone', () => {
    expect(sheet('auto').svg).toContain('prefers-color-scheme: dark');
    expect(sheet('light').svg).not.toContain('prefers-color-scheme');
    // For programs that know no variables.
    expect(sheet('light').svg).toMatch(/fill="#[0-9a-f]{6}" style="fill:var\(--plot-/);
  });

  it('breaks its words into lines within its width', () => {
    const { svg, width } = sheet('light');
    const lines = [...svg.matchAll(/>(The verdict[^<]*|verdict[^<]*)</g)].map(([, line]) => line ?? '');
    expect(lines.length).toBeGreaterThan(2);
    expect(Math.max(...lines.slice(1).map(({ length }) => length)) * 6.5).toBeLessThan(width);
  });
});
