import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import { digestText } from './digestText.ts';
import { type SettingName, settingWords } from './settingWords.ts';

/** Label of a container that holds {@link settingsOf} of its service as JSON, so that a later plan can name what changed. */
export const SETTINGS_LABEL = 'io.flotilla.settings';

/** Before the name of a variable: each has a digest of its own. */
export const VARIABLE = 'environment.';

/** Lists of which the order means nothing. The first network does: it is the container's own. */
const UNORDERED = new Set<string>([
  'ports',
  'mounts',
  'capAdd',
  'capDrop',
  'securityOpt',
  'devices',
  'extraHosts',
  'ulimits',
]);

/**
 * Digests, by setting, of all that a service's containers are made with; variables count one by one. What is not said has none, so that
 * a later Flotilla that knows more settings finds containers of an earlier one unchanged.
 */
export function settingsOf(app: AppModel, service: ServiceModel): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const name of Object.keys(settingWords) as SettingName[]) {
    if (name === 'environment') continue;
    const text = canonical(resolved(app, service, name), UNORDERED.has(name));
    if (text !== undefined) settings[name] = digestText(text);
  }
  for (const [variable, value] of Object.entries(service.environment))
    if (value !== null) settings[VARIABLE + variable] = digestText(value);
  return settings;
}

/** What our own label holds. Undefined for none, and for what somebody wrote there who is not us. */
export function parseSettings(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value).map(([name, digest]) => [name, String(digest)]));
  } catch {
    return undefined;
  }
}

/** The setting with the engine's names in place of the file's keys. */
function resolved(app: AppModel, service: ServiceModel, name: SettingName): unknown {
  switch (name) {
    case 'networks':
      if (service.networkMode !== undefined) return undefined;
      return service.networks.map((use) => ({
        ...use,
        name: app.networks.find((network) => network.key === use.name)?.name ?? use.name,
        aliases: [...use.aliases].sort(),
      }));
    case 'mounts':
      return service.mounts.map((mount) => {
        if (mount.kind === 'bind') return { ...mount, createSource: undefined };
        if (mount.kind === 'tmpfs') return mount;
        return {
          ...mount,
          source: app.volumes.find((volume) => volume.key === mount.source)?.name ?? mount.source,
        };
      });
    case 'ports':
      return service.ports.map((port) => ({ ...port, range: undefined }));
    default:
      return service[name];
  }
}

/** JSON with sorted keys; undefined for what says nothing: undefined, null, false and what is empty. */
function canonical(value: unknown, unordered = false): string | undefined {
  if (value === undefined || value === null || value === false) return undefined;
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    const items = value.map((item) => canonical(item) ?? 'null');
    return `[${(unordered ? items.sort() : items).join()}]`;
  }
  if (typeof value === 'object') {
    const fields = Object.entries(value)
      .map(([key, item]) => [key, canonical(item)] as const)
      .filter(([, text]) => text !== undefined)
      .map(([key, text]) => `${JSON.stringify(key)}:${text ?? ''}`)
      .sort();
    return fields.length === 0 ? undefined : `{${fields.join()}}`;
  }
  return JSON.stringify(value);
}
