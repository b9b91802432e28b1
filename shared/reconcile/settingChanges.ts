import type { AppModel, ServiceModel } from '../domain/ServiceModel.ts';
import { soundsSecret, withoutPasswords } from '../domain/soundsSecret.ts';
import type { SettingChange } from './ChangePlan.ts';
import type { VisibleSettings } from './EngineFacts.ts';
import {
  flagText,
  limitText,
  listText,
  memoryText,
  restartText,
  settingText,
  wordsText,
} from './settingText.ts';
import { VARIABLE } from './settingsOf.ts';
import { isSetting, type SettingName, settingWord } from './settingWords.ts';

/** A command of a thousand words would bury the plan. */
const LONGEST = 300;

/**
 * From what to what settings changed. What they were is read from an inspection of the container, as far as it shows them; values of
 * variables that sound like secrets are not told.
 *
 * @param names of settings, and of variables after `environment.`
 */
export function settingChanges(
  app: AppModel,
  service: ServiceModel,
  names: readonly string[],
  visible: VisibleSettings | undefined,
): SettingChange[] {
  return names.map((name): SettingChange => {
    if (name.startsWith(VARIABLE))
      return variableChange(name.slice(VARIABLE.length), service, visible?.environment);
    const after = isSetting(name) ? settingText(app, service, name) : null;
    const before = isSetting(name) && visible !== undefined ? textBefore(name, visible) : undefined;
    // What is told in the same words differs in something that the words do not show.
    return {
      setting: settingWord(name),
      before: before === after ? undefined : cut(before),
      after: cut(after),
    };
  });
}

function variableChange(
  variable: string,
  service: ServiceModel,
  before: Readonly<Record<string, string>> | undefined,
): SettingChange {
  const setting = `variable ${variable}`;
  const was = before === undefined ? undefined : (own(before, variable) ?? null);
  const is = own(service.environment, variable) ?? null;
  if (!soundsSecret(variable)) return { setting, before: cut(was), after: cut(is) };
  const hide = (text: string | null | undefined) => (text === null || text === undefined ? text : '••••••');
  return { setting, before: hide(was), after: hide(is) ?? null, secret: true };
}

/** Undefined: an inspection does not show it. */
function textBefore(name: SettingName, visible: VisibleSettings): string | null | undefined {
  switch (name) {
    case 'command':
    case 'entrypoint':
      return wordsText(visible[name]);
    case 'user':
    case 'workingDir':
    case 'cpuset':
      return visible[name] === '' ? null : visible[name];
    case 'ports':
      return listText(visible.ports);
    case 'mounts':
      return listText(visible.mounts.map(({ source, target }) => `${source} at ${target}`));
    case 'restart':
      return restartText(visible.restart, undefined);
    case 'privileged':
    case 'readOnly':
      return flagText(visible[name]);
    case 'memoryBytes':
      return memoryText(visible.memoryBytes);
    case 'cpus':
    case 'pidsLimit':
      return limitText(visible[name]);
    default:
      return visible.told?.[name];
  }
}

const own = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

function cut<Text extends string | null | undefined>(text: Text): Text | string {
  if (typeof text !== 'string') return text;
  const open = withoutPasswords(text);
  return open.length > LONGEST ? `${open.slice(0, LONGEST)}…` : open;
}
