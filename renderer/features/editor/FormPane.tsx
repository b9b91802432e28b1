import { useLayoutEffect, useMemo, useRef } from 'react';
import type { ComposeEdit } from '#shared/compose/edit/ComposeEdit.ts';
import { ComposeText } from '#shared/compose/edit/ComposeText.ts';
import type { EditRefusal } from '#shared/compose/edit/EditRefusal.ts';
import { ServiceText } from '#shared/compose/edit/ServiceText.ts';
import { useEngine } from '../../stores/engine.ts';
import { fieldProblems } from './form/fieldProblems.ts';
import { ServiceForm } from './form/ServiceForm.tsx';
import { ServiceFormContext, type ServiceFormServices } from './form/ServiceFormContext.ts';
import type { CheckedDraft } from './useDraft.ts';

interface FormPaneProps {
  path: string;
  service: ServiceText;
  checked: CheckedDraft | undefined;
  edit: (edit: ComposeEdit) => EditRefusal | undefined;
  showLine: (line: number) => void;
  onRename: () => void;
  onRemove: () => void;
}

/** The form of one service, with all that is known around it. */
export function FormPane({ path, service, checked, edit, showLine, onRename, onRemove }: FormPaneProps) {
  const engine = useEngine(({ state }) => state);
  const found = useMemo(() => problemsOf(checked, service.name, path), [checked, service.name, path]);
  const draft = checked?.draft;
  const elsewhere = useMemo(
    () => new Map((draft?.elsewhere[service.name] ?? []).map((each) => [each.field, each])),
    [draft, service.name],
  );
  const services: ServiceFormServices = {
    service,
    model: draft?.model?.services.find(({ name }) => name === service.name),
    capacity: engine?.phase === 'ready' ? engine.info : undefined,
    declared: {
      networks: [
        ...new Set([
          ...service.declared('networks'),
          ...(draft?.model?.networks.map(({ key }) => key) ?? []).filter((key) => key !== 'default'),
        ]),
      ],
      secrets: service.declared('secrets'),
    },
    edit,
    problems: found.byField,
    elsewhere,
    showLine,
  };
  const form = useRef<HTMLDivElement>(null);
  // Another service is read from its beginning.
  useLayoutEffect(() => {
    // Its answer, a promise in new browsers, would be taken for the way to clean up.
    form.current?.closest('[role="tabpanel"]')?.scrollTo({ top: 0 });
  }, [service.name]);
  return (
    <ServiceFormContext value={services}>
      <div ref={form}>
        <ServiceForm key={service.name} others={found.others} onRename={onRename} onRemove={onRemove} />
      </div>
    </ServiceFormContext>
  );
}

/** What was found, at the fields of the text it was found in. */
function problemsOf(
  checked: CheckedDraft | undefined,
  name: string,
  path: string,
): ReturnType<typeof fieldProblems> {
  const none = { byField: new Map(), others: [] };
  if (checked === undefined) return none;
  let service: ServiceText | undefined;
  try {
    service = ServiceText.find(new ComposeText(checked.text), name);
  } catch {
    // A text without sense has no fields; the text itself tells what is wrong.
    return none;
  }
  return service === undefined ? none : fieldProblems(service, path, checked.draft.diagnostics);
}
