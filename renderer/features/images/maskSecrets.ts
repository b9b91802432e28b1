import { soundsSecret, withoutPasswords } from '#shared/domain/soundsSecret.ts';

/** `NAME=value` with the value hidden where the name, or the form of the value, says it is a secret. */
export function maskSecrets(variable: string): string {
  const at = variable.indexOf('=');
  if (at === -1) return variable;
  const name = variable.slice(0, at);
  const value = variable.slice(at + 1);
  return value !== '' && soundsSecret(name) ? `${name}=••••••` : `${name}=${withoutPasswords(value)}`;
}

/** A step that sets variables (`ENV`, `ARG`) with the values of those hidden that sound like secrets. */
export function maskStep(step: string): string {
  if (!/^(ENV|ARG)\s/.test(step)) return step;
  return step.replace(/\b\w+=(?:"(?:[^"\\]|\\.)*"|\S+)/g, maskSecrets);
}
