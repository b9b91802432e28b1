import { FlotillaError } from '../contract/errors.ts';
import type { GenerateChoice } from '../domain/Generate.ts';

interface Offer {
  id: string;
  label: string;
  /** Taken when nothing else was chosen. */
  value: string;
  explanation: string;
  options?: { value: string; label: string }[] | undefined;
  free?: boolean | undefined;
  /** What free text must look like, and the sentence for what does not. */
  form?: { pattern: RegExp; message: string } | undefined;
  /** What speaks against a value that is taken all the same. */
  warn?: ((value: string) => string | undefined) | undefined;
}

/** Decisions of a proposal: each is offered once, with what was chosen or else what is best. */
export class Choices {
  readonly list: GenerateChoice[] = [];
  readonly #given: Readonly<Record<string, string>>;

  /** @param given what was chosen, by the choice's id; what is not offered is ignored */
  constructor(given: Readonly<Record<string, string>>) {
    this.#given = given;
  }

  /**
   * Offers a choice and answers its value.
   * @throws FlotillaError `invalid-input` for free text that cannot stand in a Dockerfile
   */
  offer({ id, label, value, explanation, options = [], free, form, warn }: Offer): string {
    const given = Object.hasOwn(this.#given, id) ? this.#given[id] : undefined;
    const isFree = free === true || options.length === 0;
    let taken = value;
    if (given !== undefined && (isFree || options.some((option) => option.value === given)))
      taken = given.replaceAll(/\s+/g, ' ').trim();
    if (form !== undefined && taken !== value && !form.pattern.test(taken))
      throw new FlotillaError('invalid-input', `${label}: “${taken.slice(0, 80)}” ${form.message}`, {
        hint: `For example ${value === '' ? (options[0]?.value ?? 'nothing') : value}.`,
        detail: { choice: id },
      });
    const warning = warn?.(taken);
    this.list.push({
      id,
      label,
      value: taken,
      options,
      explanation,
      ...(isFree && options.length > 0 ? { free: true } : {}),
      ...(warning === undefined ? {} : { warning }),
    });
    return taken;
  }

  /** Offers yes or no. */
  ask(
    offer: Omit<Offer, 'options' | 'free' | 'form' | 'value'> & { value: boolean; yes: string; no: string },
  ): boolean {
    const { yes, no, value, ...rest } = offer;
    const options = [
      { value: 'yes', label: yes },
      { value: 'no', label: no },
    ];
    return this.offer({ ...rest, value: value ? 'yes' : 'no', options }) === 'yes';
  }
}

/** What image references look like, as far as a typing mistake is concerned. */
export const IMAGE_FORM = {
  pattern: /^[a-z0-9][\w./:@-]*$/,
  message: 'is no image reference.',
};
export const VERSION_FORM = {
  pattern: /^[\w][\w.-]*$/,
  message: 'is no version.',
};
/** Package names for apt; empty for none. */
export const PACKAGES_FORM = {
  pattern: /^$|^[a-z0-9][a-z0-9+.:=~-]*( [a-z0-9][a-z0-9+.:=~-]*)*$/i,
  message: 'are no package names: write them with spaces between.',
};
