import { FlotillaError } from '#shared/contract/errors.ts';
import type { Danger, DangerView } from '#shared/domain/Diagnostic.ts';

/** So many are remembered beside those of the present files: who goes back to a text that was consented to is not asked again. */
const MOST_OLD = 1000;

/**
 * What a person has consented to of a project: settings, each as one text of its files brought it. Kept as the ids and the settings of
 * dangers, which are told apart by their making.
 */
export class Consents {
  #granted: ReadonlySet<string>;

  /** @param granted as {@link list} gave it. What an earlier Flotilla kept counts as given for files that have changed. */
  constructor(granted: readonly string[]) {
    this.#granted = new Set(granted);
  }

  list(): string[] {
    return [...this.#granted];
  }

  isGranted({ id }: Danger): boolean {
    return this.#granted.has(id);
  }

  viewOf(danger: Danger): DangerView {
    const granted = this.isGranted(danger);
    return { ...danger, granted, grantedBefore: !granted && this.#granted.has(danger.setting) };
  }

  /**
   * @param dangers what the project asks for now: only that can be consented to
   * @throws FlotillaError `invalid-input` for an id that is not among them, and nothing is consented to
   */
  grant(ids: readonly string[], dangers: readonly Danger[]): void {
    const chosen = ids.map((id) => {
      const danger = dangers.find((candidate) => candidate.id === id);
      if (danger !== undefined) return danger;
      throw new FlotillaError('invalid-input', 'That setting is not among those the project asks for.', {
        hint: 'Its file may have changed since. Read the folder again and look at the list.',
      });
    });
    const present = dangers.filter((danger) => this.isGranted(danger) || chosen.includes(danger));
    const now = new Set(present.flatMap(({ id, setting }) => [setting, id]));
    const old = [...this.#granted].filter((kept) => !now.has(kept));
    this.#granted = new Set([...old.slice(-MOST_OLD), ...now]);
  }

  /** @throws FlotillaError `consent-required` listing what reaches outside the containers and was not consented to; `detail.dangers` has all of it */
  assertAll(title: string, dangers: readonly Danger[]): void {
    const open = dangers.filter((danger) => !this.isGranted(danger));
    if (open.length === 0) return;
    const list = open
      .map(
        (danger) =>
          `${danger.service}: ${danger.kind} ${danger.value} (${danger.file}${danger.line === undefined ? '' : `:${danger.line}`})`,
      )
      .join('; ');
    throw new FlotillaError('consent-required', `${title} asks for more than a container may: ${list}.`, {
      hint: 'Look at each and allow it, or take it out of the compose file.',
      detail: { dangerIds: open.map(({ id }) => id), dangers: open.map((danger) => this.viewOf(danger)) },
    });
  }
}
