import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DangerView } from '#shared/domain/Diagnostic.ts';
import { ConsentPanel } from './ConsentPanel.tsx';

afterEach(cleanup);

const danger = (id: string, change: Partial<DangerView> = {}): DangerView => ({
  id,
  setting: id,
  service: 'worker',
  kind: 'volume',
  value: `/${id}`,
  file: 'compose.yaml',
  line: 7,
  explanation: `Why ${id}.`,
  granted: false,
  grantedBefore: false,
  ...change,
});

describe('ConsentPanel', () => {
  it('lists each setting with place and reason, none checked beforehand, and marks what is the same in a changed file', () => {
    const onAllow = vi.fn();
    render(
      <ConsentPanel
        dangers={[danger('a'), danger('b', { grantedBefore: true }), danger('c', { granted: true })]}
        onAllow={onAllow}
        onClose={vi.fn()}
      />,
    );
    const boxes = screen.getAllByRole<HTMLInputElement>('checkbox');
    expect(boxes.map(({ checked }) => checked)).toEqual([false, false]);
    const items = screen.getAllByRole('listitem').map(({ textContent }) => textContent ?? '');
    expect(items[0]).toMatch(/volume: \/a.*compose\.yaml:7.*Why a\./);
    expect(items[0]).not.toContain('Allowed before');
    expect(items[1]).toContain('Allowed before');
    const allow = screen.getByRole<HTMLButtonElement>('button', { name: 'Allow and run' });
    fireEvent.click(boxes[0] as HTMLInputElement);
    expect(allow.disabled).toBe(true);
    fireEvent.click(boxes[1] as HTMLInputElement);
    fireEvent.click(allow);
    expect(onAllow).toHaveBeenCalledWith(['a', 'b']);
  });
});
