import { request } from 'node:http';

/** Asks an engine by itself, through nothing of the product: what is really there. */
export class EngineWitness {
  readonly #socketPath: string;

  constructor(host: string) {
    this.#socketPath = host.replace(/^unix:\/\//, '');
  }

  /** @throws Error with the engine's words and status, unless it answers below 300, 304 (nothing to do) or one of `allowed` */
  async ask<Answer>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    { body, allowed = [] }: { body?: unknown; allowed?: readonly number[] } = {},
  ): Promise<Answer> {
    const payload = body === undefined ? '' : JSON.stringify(body);
    const [status, text] = await new Promise<[number, string]>((resolve, reject) => {
      const call = request(
        {
          socketPath: this.#socketPath,
          method,
          path,
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => (text += chunk));
          answer.on('end', () => resolve([answer.statusCode ?? 0, text]));
          answer.on('error', reject);
        },
      );
      call.on('error', reject);
      call.end(payload);
    });
    if (status >= 300 && status !== 304 && !allowed.includes(status))
      throw new Error(`${method} ${path} was answered with ${status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }

  /** What a list of the engine has with a label. */
  labelled<Item>(list: '/containers/json' | '/networks' | '/volumes', label: string): Promise<Item> {
    const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
    return this.ask('GET', `${list}?all=1&filters=${filters}`);
  }
}
