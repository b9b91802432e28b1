/** What the build panel may ask for. */
export interface BuildActions {
  /** An engine is there, and the project can be read. */
  canBuild: boolean;
  build: (options: BuildOptions) => void;
  cancel: (buildId: string) => void;
  /** Absent where the app's folder is not known. */
  openContext?: ((service: string) => void) | undefined;
  /** Opens a file of the project at a line; absent where there is no editor. */
  openFile?: ((file: string, line: number | undefined) => void) | undefined;
}

export interface BuildOptions {
  services?: string[];
  noCache?: boolean;
  /** Then replaces the containers that were made from the image before. */
  recreate?: boolean;
}
