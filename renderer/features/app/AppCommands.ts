import { toast } from 'sonner';
import type { CallInput, CallName, CallOutput } from '#shared/contract/calls.ts';
import type { Client } from '#shared/contract/Client.ts';
import { FlotillaError, toErrorShape } from '#shared/contract/errors.ts';
import type { AppView } from '#shared/domain/AppView.ts';
import type { Role } from '#shared/domain/Role.ts';
import { buildAndRun, buildOrAsk, runOrAsk } from '../plan/runOrAsk.ts';
import { fixAll } from '../problems/fixAll.ts';
import { openConsent } from './consentStore.ts';
import { requestReplicas } from './scaleStore.ts';

/** Long operations leave their failure in the app's view, where a banner shows it until it is dismissed. */
const SHOWN_ON_THE_PAGE = new Set([
  'build-failed',
  'engine-error',
  'engine-unavailable',
  'timeout',
  'project-invalid',
]);

/** What the app page does, each with its failure shown. */
export class AppCommands {
  readonly #client: Client;
  readonly #appId: string;

  constructor(client: Client, appId: string) {
    this.#client = client;
    this.#appId = appId;
  }

  /** At once, or after a look at what would be replaced, see runOrAsk. */
  run(app: AppView): void {
    void this.#shown(runOrAsk(this.#client, app));
  }

  /** See buildAndRun. */
  buildAndRun(): void {
    void this.#shown(buildAndRun(this.#client, this.#appId, () => this.buildAndRun()));
  }

  stop(): void {
    void this.#operate('apps.stop', { appId: this.#appId });
  }

  build(options: { noCache?: boolean; services?: string[]; recreate?: boolean } = {}): void {
    void this.#shown(buildOrAsk(this.#client, { appId: this.#appId, ...options }, () => this.build(options)));
  }

  remove(options: { volumes?: boolean } = {}): Promise<void> {
    return this.#operate('apps.down', { appId: this.#appId, ...options });
  }

  scale(service: string, replicas: number): void {
    requestReplicas(this.#client, this.#appId, service, replicas, (error) => this.#failed(error, true));
  }

  setAutoscale(service: string, on: boolean): void {
    void this.#call('apps.setAutoscale', { appId: this.#appId, service, on });
  }

  reload(): void {
    void this.#call('apps.reload', { appId: this.#appId });
  }

  close(): void {
    void this.#call('apps.close', { appId: this.#appId });
  }

  cancel(operationId: string): void {
    void this.#call('apps.cancel', { appId: this.#appId, operationId });
  }

  cancelBuild(buildId: string): void {
    void this.#call('builds.cancel', { buildId });
  }

  dismissError(): void {
    void this.#call('apps.dismissError', { appId: this.#appId });
  }

  setRole(service: string, role: Role): void {
    void this.#call('apps.setRole', { appId: this.#appId, service, role });
  }

  applyFix(diagnosticId: string, fixId: string): Promise<AppView | undefined> {
    return this.#call('apps.applyFix', { appId: this.#appId, diagnosticId, fixId });
  }

  async fixAll(app: AppView): Promise<void> {
    try {
      const applied = await fixAll(this.#client, app);
      toast.success(applied === 1 ? '1 problem fixed' : `${applied} problems fixed`);
    } catch (error) {
      this.#failed(error, false);
    }
  }

  /** Allows settings that reach outside, and then does what wanted them. */
  async allow(dangerIds: string[], next: () => void): Promise<void> {
    const granted = await this.#call('apps.grantDangers', { appId: this.#appId, dangerIds });
    if (granted) next();
  }

  #operate<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<void> {
    return this.#shown(this.#client.call(name, input));
  }

  #shown(operation: Promise<unknown>): Promise<void> {
    return operation.then(
      () => undefined,
      (error: unknown) => this.#failed(error, true),
    );
  }

  async #call<Name extends CallName>(
    name: Name,
    input: CallInput<Name>,
  ): Promise<CallOutput<Name> | undefined> {
    try {
      return await this.#client.call(name, input);
    } catch (error) {
      this.#failed(error, false);
      return undefined;
    }
  }

  #failed(error: unknown, operation: boolean): void {
    const shape = toErrorShape(error);
    if (shape.code === 'consent-required') openConsent(this.#appId);
    else if (shape.code === 'cancelled') return;
    else if (operation && error instanceof FlotillaError && SHOWN_ON_THE_PAGE.has(shape.code)) return;
    else toast.error(shape.message, shape.hint === undefined ? {} : { description: shape.hint });
  }
}
