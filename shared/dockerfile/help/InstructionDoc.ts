/** What the editor tells of an instruction or one of its flags. */
export interface InstructionDoc {
  /** e.g. `COPY` or `--chown`. */
  name: string;
  syntax: string;
  text: string;
  example: string;
}

export interface InstructionDocs extends InstructionDoc {
  flags: InstructionDoc[];
}
