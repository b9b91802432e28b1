/** What is known around a Dockerfile; whatever is left out is not asked about. */
export interface DockerfileFacts {
  /** Whether an ignore file applies to its context. */
  hasIgnoreFile?: boolean | undefined;
  /** Where its context's ignore file stands or would stand, inside the project. */
  ignoreFile?: string | undefined;
  /** Files of its context, relative to it, with `/`. */
  contextPaths?: readonly string[] | undefined;
  /** References of images that the engine has. */
  images?: readonly string[] | undefined;
}
