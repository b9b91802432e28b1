import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import type { SettingsCause } from './decideReplicas.ts';
import type { ContainerFacts } from './EngineFacts.ts';
import { appliesLive, effectiveSettings } from './liveLimits.ts';
import { listWords } from './listWords.ts';
import { settingChanges } from './settingChanges.ts';
import { VARIABLE } from './settingsOf.ts';
import { settingWord } from './settingWords.ts';
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
 * Why a container's settings are not those of its service, in words and one by one; undefined when they are, or when nobody can tell. Three sources, the
 * better first: our own label names what changed, and the engine which limits hold now; the config hash of an earlier Flotilla tells only that something did; a container that
 * Compose made is looked at as far as an inspection shows it, and is taken over as it is otherwise.
 */
export function changedSettings(
  app: AppModel,
  service: ServiceModel,
  container: ContainerFacts,
  wanted: WantedSettings,
): SettingsCause | undefined {
  const causeOf = (names: readonly string[]): SettingsCause | undefined =>
    names.length === 0
      ? undefined
      : {
          reason: wordsFor(names, service),
          changes: settingChanges(app, service, names, container.visible),
          appliesLive: appliesLive(names, service, container),
        };
  if (container.settings !== undefined) {
    const { settings, limits } = container;
    return causeOf(
      differingSettings(effectiveSettings(settings, service, wanted.settings, limits), wanted.settings),
    );
  }
  if (container.byFlotilla) {
    if (wanted.configHash === undefined || wanted.configHash === container.configHash) return undefined;
    return {
      reason: 'its settings changed (an earlier Flotilla made it, which did not note them one by one)',
    };
  }
  if (container.visible === undefined) return undefined;
  const { visible, limits } = container;
  return causeOf(visibleDifferences(app, service, { visible, limits }, wanted.projectPath));
}

/** Names of settings of which two of {@link settingsOf} have other digests, or only one has any. */
export function differingSettings(
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
    ...others.map((name) => `its ${settingWord(name)}`),
  ];
  const changed = parts.length === 0 ? [] : [`${listWords(parts)} changed`];
  const image = names.includes('image') ? [`it is to run another image (${service.image})`] : [];
  return [...image, ...changed].join('; ');
}
