import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import type { ContainerFacts } from './EngineFacts.ts';
import { listWords } from './listWords.ts';
import { VARIABLE } from './settingsOf.ts';
import { type SettingName, settingWords } from './settingWords.ts';
import { visibleDifferences } from './visibleDifferences.ts';

/** What a service's containers are to be made with. */
export interface WantedSettings {
  /** See settingsOf. */
  settings: Readonly<Record<string, string>>;
  /** What Flotilla would write as Compose's config-hash label; undefined: containers without our own label are taken as they are. */
  configHash?: string | undefined;
  projectPath?: string | undefined;
}

/**
 * Why a container's settings are not those of its service, in words; undefined when they are, or when nobody can tell. Three sources, the
 * better first: our own label names what changed; the config hash of an earlier Flotilla tells only that something did; a container that
 * Compose made is looked at as far as an inspection shows it, and is taken over as it is otherwise.
 */
export function changedSettings(
  app: AppModel,
  service: ServiceModel,
  container: ContainerFacts,
  wanted: WantedSettings,
): string | undefined {
  if (container.settings !== undefined) {
    const names = differing(container.settings, wanted.settings);
    return names.length === 0 ? undefined : wordsFor(names, service);
  }
  if (container.byFlotilla) {
    if (wanted.configHash === undefined || wanted.configHash === container.configHash) return undefined;
    return 'its settings changed (an earlier Flotilla made it, which did not note them one by one)';
  }
  if (container.visible === undefined) return undefined;
  const names = visibleDifferences(app, service, container.visible, wanted.projectPath);
  return names.length === 0 ? undefined : wordsFor(names, service);
}

function differing(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  return [...new Set([...Object.keys(now), ...Object.keys(before)])].filter(
    (name) => before[name] !== now[name],
  );
}

/** `its command changed`; `its variables SEED and STEPS and its memory limit changed`; `it is to run another image (busybox:2)`. */
function wordsFor(names: readonly string[], service: ServiceModel): string {
  const variables = names
    .filter((name) => name.startsWith(VARIABLE))
    .map((name) => name.slice(VARIABLE.length));
  const others = names.filter((name) => !name.startsWith(VARIABLE) && name !== 'image');
  const parts = [
    ...(variables.length === 0
      ? []
      : [`its variable${variables.length === 1 ? '' : 's'} ${listWords(variables, 3)}`]),
    ...others.map((name) => `its ${isSetting(name) ? settingWords[name] : name}`),
  ];
  const changed = parts.length === 0 ? [] : [`${listWords(parts)} changed`];
  const image = names.includes('image') ? [`it is to run another image (${service.image})`] : [];
  return [...image, ...changed].join('; ');
}

const isSetting = (name: string): name is SettingName => Object.hasOwn(settingWords, name);
