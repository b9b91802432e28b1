/** Why an edit was not made: what stands in its way, where, and what to do. */
export interface EditRefusal {
  message: string;
  hint: string;
  /** 1-based. */
  line?: number | undefined;
}

/** Ends an edit that would do something else than was asked for. */
export class EditRefused extends Error {
  readonly refusal: EditRefusal;

  constructor(message: string, hint: string, line?: number) {
    super(message);
    this.refusal = { message, hint, line };
  }
}
