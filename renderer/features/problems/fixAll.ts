import type { Client } from '#shared/contract/Client.ts';
import type { AppView } from '#shared/domain/AppView.ts';

/**
 * Applies the first fix of each finding, one by one, on the project as it stands after the one before: a fix's
 * offsets hold only until the next edit. A finding that its own fix does not remove is tried once.
 * Returns how many were applied; rejects with the first refusal.
 */
export async function fixAll(client: Pick<Client, 'call'>, app: AppView): Promise<number> {
  const tried = new Set<string>();
  let view = app;
  let applied = 0;
  for (;;) {
    const next = view.diagnostics.find(({ id, fixes }) => fixes.length > 0 && !tried.has(id));
    const fix = next?.fixes[0];
    if (!next || !fix) return applied;
    tried.add(next.id);
    view = await client.call('apps.applyFix', { appId: app.id, diagnosticId: next.id, fixId: fix.id });
    applied += 1;
  }
}
