export interface FilePlace {
  file: string;
  /** 1-based. */
  line: number;
}

/** Where compose files say how a service is placed. Of several files the last that says `x-flotilla` counts, as a whole (Compose specification, Merge: extensions). */
export interface PlacementSource {
  /** Of the placement that counts, or of the `x-flotilla` that counts and has none; absent: no file says either. */
  decides?: FilePlace | undefined;
  /** Placements of other files, which it overrules. */
  overruled: FilePlace[];
  /** The file in which a change counts; absent: in none of the service's own, because it has its placement from what it extends. */
  changedIn?: string | undefined;
}
