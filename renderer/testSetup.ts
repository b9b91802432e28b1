import { configure } from '@testing-library/react';
import { vi } from 'vitest';

// Before each file of tests: it has modules of its own, stores with them, in a window that it shares with others.
vi.resetModules();
localStorage.clear();
sessionStorage.clear();
document.body.replaceChildren();
document.head.replaceChildren();
for (const { name } of [...document.documentElement.attributes])
  document.documentElement.removeAttribute(name);
history.replaceState(null, '', location.pathname);

// A machine that runs others beside them is slow: what appears at all appears in time.
configure({ asyncUtilTimeout: 15_000 });
