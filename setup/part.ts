/** A part of the machine that setup checks, and makes when it is missing. */
export interface Part {
  /** Short noun for the progress lines. */
  readonly name: string;
  /** Names of parts that must be ready before this one is checked. */
  readonly needs?: readonly string[];
  /** Checks the part quickly; never changes anything. */
  check(): Promise<Finding>;
  /**
   * Makes the part; starts over cleanly after an interruption. Returns a description of the result.
   * @throws KitError with exit code 3 when the user has to act
   */
  make(progress: Progress): Promise<string>;
}

/** Result of {@link Part.check}. */
export type Finding =
  | { readonly right: true; readonly detail: string }
  | { readonly right: false; readonly why: string };

/** Receives the progress of a part. */
export interface Progress {
  /** A step that takes noticeable time. */
  step(text: string): void;
  /** Output of its tools; shown with `--verbose`. */
  output(text: string): void;
}

/** The part is ready. */
export const right = (detail: string): Finding => ({ right: true, detail });

/** The part must be made. */
export const missing = (why: string): Finding => ({ right: false, why });

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
