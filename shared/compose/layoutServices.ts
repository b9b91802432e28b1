export interface ServicePlace {
  name: string;
  column: number;
  /** Below everything it waits for. */
  row: number;
}

export interface ServiceLayout {
  places: ServicePlace[];
  /** `to` waits for `from`. */
  edges: { from: string; to: string; condition: string }[];
  columns: number;
  rows: number;
}

interface ServiceToPlace {
  name: string;
  dependsOn: readonly { service: string; condition: string }[];
}

/** Services as a grid: downwards what waits for what, each below those it waits for, and near to them. Circles stand at the end. */
export function layoutServices(services: readonly ServiceToPlace[]): ServiceLayout {
  const names = new Set(services.map(({ name }) => name));
  const edges = services.flatMap(({ name, dependsOn }) =>
    dependsOn.flatMap(({ service, condition }) =>
      names.has(service) && service !== name ? [{ from: service, to: name, condition }] : [],
    ),
  );
  const above = new Map<string, string[]>(services.map(({ name }) => [name, []]));
  for (const { from, to } of edges) above.get(to)?.push(from);
  const rows = rowsOf(services, edges);
  const columns = new Map<string, number>();
  const places: ServicePlace[] = [];
  for (const [row, inRow] of rows.entries()) {
    // Near to the middle of what each waits for; in the file's order where that is the same.
    const wish = (name: string): number => {
      const waitedFor = above.get(name) ?? [];
      const sum = waitedFor.reduce((total, from) => total + (columns.get(from) ?? 0), 0);
      return waitedFor.length === 0 ? 0 : sum / waitedFor.length;
    };
    const ordered = inRow
      .map((name, index) => ({ name, index, wish: wish(name) }))
      .sort((a, b) => a.wish - b.wish || a.index - b.index);
    for (const [column, { name }] of ordered.entries()) {
      columns.set(name, column);
      places.push({ name, column, row });
    }
  }
  return { places, edges, columns: Math.max(0, ...rows.map((row) => row.length)), rows: rows.length };
}

function rowsOf(
  services: readonly ServiceToPlace[],
  edges: readonly { from: string; to: string }[],
): string[][] {
  const places = new Map(services.map(({ name }, at) => [name, at]));
  const waits = new Map<string, Set<string>>(services.map(({ name }) => [name, new Set()]));
  for (const { from, to } of edges) waits.get(to)?.add(from);
  const followers = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const known = followers.get(from);
    if (known === undefined) followers.set(from, [to]);
    else known.push(to);
  }
  const rows: string[][] = [];
  let open = services.filter(({ name }) => waits.get(name)?.size === 0).map(({ name }) => name);
  const placed = new Set<string>();
  while (open.length > 0) {
    rows.push(open);
    for (const name of open) placed.add(name);
    const next = new Set<string>();
    for (const name of open)
      for (const follower of followers.get(name) ?? []) {
        const left = waits.get(follower);
        left?.delete(name);
        if (left?.size === 0) next.add(follower);
      }
    // In the file's order.
    open = [...next].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  }
  const circle = services.flatMap(({ name }) => (placed.has(name) ? [] : [name]));
  return circle.length === 0 ? rows : [...rows, circle];
}
