import { type KeyboardEvent, useRef, useState } from 'react';
import { layoutServices, type ServicePlace } from '#shared/compose/layoutServices.ts';
import type { DependsCondition, ServiceModel } from '#shared/domain/ServiceModel.ts';
import { gridEdgePath } from '../../ui/gridEdgePath.ts';
import { displayName } from '../app/displayName.ts';
import styles from './ServiceGraph.module.css';

interface ServiceGraphProps {
  services: readonly ServiceModel[];
  /** Errors found in each service. */
  errors: ReadonlyMap<string, number>;
  chosen: string | undefined;
  onOpen: (service: string) => void;
}

const NODE = { width: 190, height: 58 };
const GAP = { x: 40, y: 34 };
const MARGIN = 20;

const CONDITIONS: Record<DependsCondition, string> = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'done',
};

/** Which service waits for which, and the networks they share. Arrows move, Enter opens a service's form. */
export function ServiceGraph({ services, errors, chosen, onOpen }: ServiceGraphProps) {
  const box = useRef<HTMLDivElement>(null);
  const [network, setNetwork] = useState<string>();
  const layout = layoutServices(services);
  const places = new Map(layout.places.map((place) => [place.name, place]));
  const taken = new Set(layout.places.map(({ column, row }) => `${column} ${row}`));
  const networks = [...new Set(services.flatMap((service) => service.networks.map(({ name }) => name)))];
  const xOf = (column: number): number => MARGIN + column * (NODE.width + GAP.x);
  const yOf = (row: number): number => MARGIN + row * (NODE.height + GAP.y);
  const grid = {
    node: NODE,
    gapX: GAP.x,
    gapY: GAP.y,
    xOf,
    yOf,
    isTaken: (column: number, row: number) => taken.has(`${column} ${row}`),
  };
  const first = chosen !== undefined && places.has(chosen) ? chosen : layout.places[0]?.name;
  const onKeyDown = (event: KeyboardEvent): void => {
    const name = event.target instanceof HTMLElement ? event.target.dataset['node'] : undefined;
    const from = name === undefined ? undefined : places.get(name);
    const next = from === undefined ? undefined : neighbour(layout.places, from, event.key);
    if (next === undefined) return;
    event.preventDefault();
    box.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next.name)}"]`)?.focus();
  };
  return (
    <div className={styles.graph}>
      {networks.length === 0 ? null : (
        <div className={styles.networks} role="group" aria-label="Networks">
          <span className={styles.word}>Networks</span>
          {networks.map((name) => (
            <button
              key={name}
              type="button"
              className={styles.network}
              aria-pressed={network === name}
              onClick={() => setNetwork(network === name ? undefined : name)}
            >
              {displayName(name)}
            </button>
          ))}
        </div>
      )}
      <div
        className={styles.scroller}
        ref={box}
        role="group"
        aria-label="Graph of the services"
        onKeyDown={onKeyDown}
      >
        <div
          className={styles.canvas}
          style={{
            // Ways around the last column run beside it.
            width: xOf(layout.columns) + MARGIN,
            height: yOf(layout.rows) - GAP.y + MARGIN,
          }}
        >
          <svg className={styles.edges} aria-hidden>
            <marker
              id="waits"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M1 1L7 4L1 7" />
            </marker>
            {layout.edges.map(({ from, to }) => {
              const source = places.get(from);
              const target = places.get(to);
              return source === undefined || target === undefined || source.row >= target.row ? null : (
                <path key={`${from} ${to}`} d={gridEdgePath(source, target, grid)} markerEnd="url(#waits)" />
              );
            })}
          </svg>
          {services.map((service) => {
            const place = places.get(service.name);
            if (place === undefined) return null;
            const wrong = errors.get(service.name) ?? 0;
            const isOn = network === undefined || service.networks.some(({ name }) => name === network);
            return (
              <button
                key={service.name}
                type="button"
                className={styles.node}
                style={{ left: xOf(place.column), top: yOf(place.row), ...NODE }}
                data-node={service.name}
                data-dim={isOn ? undefined : ''}
                data-wrong={wrong > 0 ? '' : undefined}
                tabIndex={service.name === first ? 0 : -1}
                aria-label={nodeWords(service, wrong)}
                onClick={() => onOpen(service.name)}
              >
                <span className={styles.name}>
                  {displayName(service.name)}
                  {service.replicas === 1 ? '' : ` × ${service.replicas}`}
                </span>
                <span className={styles.part}>
                  {service.role} ·{' '}
                  {service.networks.map(({ name }) => displayName(name)).join(', ') || 'no network'}
                </span>
              </button>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function nodeWords(service: ServiceModel, wrong: number): string {
  const waits = service.dependsOn.map((each) => `${displayName(each.service)} ${CONDITIONS[each.condition]}`);
  return [
    displayName(service.name),
    `${service.role}, ${service.replicas} ${service.replicas === 1 ? 'replica' : 'replicas'}`,
    ...(waits.length === 0 ? [] : [`waits for ${waits.join(' and ')}`]),
    ...(service.networks.length === 0
      ? []
      : [`on ${service.networks.map(({ name }) => displayName(name)).join(', ')}`]),
    ...(wrong === 0 ? [] : [wrong === 1 ? '1 error' : `${wrong} errors`]),
  ].join('; ');
}

/** The nearest place in an arrow's direction. */
function neighbour(
  places: readonly ServicePlace[],
  from: ServicePlace,
  key: string,
): ServicePlace | undefined {
  const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[key];
  if (step === undefined) return undefined;
  const [dx = 0, dy = 0] = step;
  return places
    .filter(({ column, row }) =>
      dy === 0 ? row === from.row && (column - from.column) * dx > 0 : (row - from.row) * dy > 0,
    )
    .sort(
      (a, b) =>
        Math.abs(a.row - from.row) - Math.abs(b.row - from.row) ||
        Math.abs(a.column - from.column) - Math.abs(b.column - from.column),
    )[0];
}
