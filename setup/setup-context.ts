/** The facts about the machine that the parts of setup need; read once, in the entry point. */
export interface SetupContext {
  /** The checkout. */
  readonly root: string;
  /** Version in package.json. */
  readonly version: string;
  /** See `cacheDirectory` in cluster/project.ts. */
  readonly cacheDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly isRoot: boolean;
  /** File descriptor of the held lock, for tools; `undefined` where nothing is locked. */
  readonly lockFd: () => number | undefined;
}
