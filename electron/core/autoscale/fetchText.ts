import { FlotillaError } from '#shared/contract/errors.ts';

/**
 * What an address answers, cut off after `mostChars`. No redirect is followed.
 * @throws FlotillaError `invalid-input` for an answer that is no success; what `fetch` throws
 */
export async function fetchText(
  url: string,
  { method = 'GET', mostChars, signal }: { method?: 'GET' | 'POST'; mostChars: number; signal: AbortSignal },
): Promise<string> {
  const answer = await fetch(url, { method, signal, redirect: 'error' });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new FlotillaError('invalid-input', `${url} answers ${answer.status} ${answer.statusText}.`);
  }
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > mostChars) break;
  }
  return text;
}
