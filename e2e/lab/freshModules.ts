import { vi } from 'vitest';

// Before each file of tests: it has modules of its own, in a process that it shares with others, and with what they took from packages.
// What a file mocks by vi.mock stays mocked for the others, unless it takes it back.
vi.resetModules();
