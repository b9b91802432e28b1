import { create } from 'zustand';
import type { EngineState } from '#shared/domain/Engine.ts';

/** The engine's state as last told; undefined until the first telling. */
export const useEngine = create<{ state: EngineState | undefined }>(() => ({ state: undefined }));
