import { beforeEach, describe, expect, it } from 'vitest';
import type { AppView } from '#shared/domain/AppView.ts';
import { applyAppItems, orderApps, useApps } from './apps.ts';
import { applyTheme } from './preferences.ts';
import { appHash, editHash, parseRoute } from './route.ts';

const app = (id: string, over: Partial<AppView> = {}) =>
  ({ id, title: id, origin: 'folder', openedAt: 1, ...over }) as AppView;

beforeEach(() => useApps.setState({ apps: undefined }));

describe('apps', () => {
  it('keeps the objects of what did not change, and drops what a new snapshot does not have', () => {
    applyAppItems([{ kind: 'snapshot', apps: [app('a'), app('b')] }]);
    const before = useApps.getState().apps?.get('a');
    applyAppItems([
      { kind: 'app', app: app('b', { title: 'B' }) },
      { kind: 'app', app: app('c') },
      { kind: 'removed', appId: 'c' },
    ]);
    expect(useApps.getState().apps?.get('a')).toBe(before);
    expect([...(useApps.getState().apps?.values() ?? [])].map((view) => view.title)).toEqual(['a', 'B']);
    applyAppItems([{ kind: 'snapshot', apps: [app('d')] }]);
    expect([...(useApps.getState().apps?.keys() ?? [])]).toEqual(['d']);
  });

  it('orders opened folders newest first, then what was found on the engine by name', () => {
    const list = [
      app('z', { origin: 'engine' }),
      app('old'),
      app('m', { origin: 'engine' }),
      app('new', { openedAt: 2 }),
    ];
    expect(orderApps(list).map((view) => view.id)).toEqual(['new', 'old', 'm', 'z']);
  });
});

describe('routes', () => {
  it('go there and back, also for ids with signs', () => {
    for (const id of ['4fe1', 'engine:my project/é']) {
      expect(parseRoute(appHash(id))).toEqual({ page: 'app', appId: id, edit: false });
      expect(parseRoute(editHash(id))).toEqual({ page: 'app', appId: id, edit: true });
    }
    expect(parseRoute('#/engines')).toEqual({ page: 'engines' });
    for (const hash of ['', '#/', '#/app/', '#/app/%zz', '#/nonsense'])
      expect(parseRoute(hash)).toEqual({ page: 'welcome' });
  });
});

describe('theme', () => {
  it('is put on the root element, and taken off for the system’s', () => {
    const root = document.createElement('html');
    applyTheme('dark', root);
    expect(root.dataset['theme']).toBe('dark');
    applyTheme('system', root);
    expect('theme' in root.dataset).toBe(false);
  });
});
