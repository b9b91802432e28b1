import { createElement, type ReactNode, useId } from 'react';
import { paintValue } from '#shared/study/plots/plotColours.ts';
import type { StudyPlot } from '#shared/study/plots/studyPlots.ts';
import type { SvgNode } from '#shared/study/plots/SvgNode.ts';
import { NumbersTable } from './NumbersTable.tsx';
import styles from './PlotFigure.module.css';

/** A plot of a study, and its numbers for who wants or needs those. */
export function PlotFigure({ plot: { title, description, picture, table } }: { plot: StudyPlot }) {
  const id = useId();
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.title} id={id}>
        {title}
      </figcaption>
      <svg
        className={styles.plot}
        viewBox={`0 0 ${picture.width} ${picture.height}`}
        role="img"
        aria-labelledby={id}
        aria-describedby={`${id}-text`}
      >
        <desc id={`${id}-text`}>{description}</desc>
        {picture.parts.map(elementOf)}
      </svg>
      <details className={styles.numbers}>
        <summary>Numbers</summary>
        <NumbersTable
          label={`Numbers of the plot ${title}`}
          columns={table.columns.map((name) => ({ name }))}
          rows={table.rows}
        />
      </details>
    </figure>
  );
}

/** Parts have no names, and a picture is drawn anew as a whole: their places are their keys. */
function elementOf(node: SvgNode | string, key: number): ReactNode {
  if (typeof node === 'string') return node;
  const { tag, attributes, fill, stroke, children } = node;
  const named = Object.entries(attributes).map(([name, value]) => [propertyOf(name), value]);
  const style = {
    ...(fill === undefined ? {} : { fill: paintValue(fill) }),
    ...(stroke === undefined ? {} : { stroke: paintValue(stroke) }),
  };
  return createElement(tag, { key, style, ...Object.fromEntries(named) }, ...children.map(elementOf));
}

/** `stroke-width` as React calls it. */
const propertyOf = (name: string): string =>
  name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
