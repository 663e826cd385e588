/** Something that setup sees to: found right, or made. */
export interface Part {
  /** Short noun for the progress lines. */
  readonly name: string;
  /** Names of parts without which this one is not even looked at. */
  readonly needs?: readonly string[];
  /** Cheap look at the world; never changes it. */
  check(): Promise<Finding>;
  /**
   * Makes it. Starts over cleanly after an interruption; resolves with what is there now.
   * @throws KitError with exit code 3 when it cannot help itself
   */
  make(progress: Progress): Promise<string>;
}

/** What {@link Part.check} saw. */
export type Finding =
  | { readonly right: true; readonly detail: string }
  | { readonly right: false; readonly why: string };

/** Where a part tells what it does while it takes its time. */
export interface Progress {
  /** A step that takes notable time. */
  step(text: string): void;
  /** Output of the tools behind it; shown with `--verbose`. */
  output(text: string): void;
}

/** The part is as it should be. */
export const right = (detail: string): Finding => ({ right: true, detail });

/** The part has to be made. */
export const missing = (why: string): Finding => ({ right: false, why });
