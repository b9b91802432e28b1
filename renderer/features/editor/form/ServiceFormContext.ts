import { createContext, useContext } from 'react';
import type { ComposeEdit } from '#shared/compose/edit/ComposeEdit.ts';
import type { EditRefusal } from '#shared/compose/edit/EditRefusal.ts';
import type { ServiceText } from '#shared/compose/edit/ServiceText.ts';
import type { FieldElsewhere } from '#shared/domain/ComposeDraft.ts';
import type { Diagnostic } from '#shared/domain/Diagnostic.ts';
import type { ServiceModel } from '#shared/domain/ServiceModel.ts';
import type { Capacity } from '../capacity.ts';

/** What the fields of a service's form stand on. */
export interface ServiceFormServices {
  service: ServiceText;
  /** The service as it would be; undefined while it is read, and where it cannot be. */
  model: ServiceModel | undefined;
  /** What the engine has; undefined where none is connected. */
  capacity: Capacity | undefined;
  /** Networks, volumes and secrets that the project declares. */
  declared: { networks: readonly string[]; secrets: readonly string[] };
  /** Makes a change; the refusal where it cannot be made. */
  edit: (edit: ComposeEdit) => EditRefusal | undefined;
  /** What was found at a field, by its keys joined with `.`. */
  problems: ReadonlyMap<string, readonly Diagnostic[]>;
  /** Where another file says what counts, by the same. */
  elsewhere: ReadonlyMap<string, FieldElsewhere>;
  /** Shows a line of the text. */
  showLine: (line: number) => void;
}

export const ServiceFormContext = createContext<ServiceFormServices | undefined>(undefined);

export function useServiceForm(): ServiceFormServices {
  const services = useContext(ServiceFormContext);
  if (services === undefined) throw new Error('A field of the form must stand inside a ServiceFormContext.');
  return services;
}
