import { CONTROL_TOKEN, CONTROL_URL } from '#shared/domain/Door.ts';

/** What a container was told when it was made, read back from the engine: Flotilla keeps no token of its own. */
export interface DoorVariables {
  urlHost: string;
  port: number;
  token: string;
}

/** @param env lines `NAME=value`. Undefined: nothing, or not by us */
export function readDoorVariables(env: readonly string[]): DoorVariables | undefined {
  const valueOf = (name: string): string => {
    const line = env.find((candidate) => candidate.startsWith(`${name}=`)) ?? '';
    return line.slice(name.length + 1);
  };
  const token = valueOf(CONTROL_TOKEN);
  const [, urlHost, port] = /^http:\/\/([\w.:[\]-]+):(\d{1,5})$/.exec(valueOf(CONTROL_URL)) ?? [];
  if (!/^[\w-]{43}$/.test(token) || urlHost === undefined || port === undefined) return undefined;
  return { urlHost, port: Number(port), token };
}
