/** What the waker can do with a container: `POST /containers/<name>/<action>`. */
export const WAKER_ACTIONS = ['pause', 'unpause', 'start', 'stop'] as const;
export type WakerAction = (typeof WAKER_ACTIONS)[number];

/** One container, as the waker's `GET /containers` lists it. */
export interface WakerContainer {
  readonly name: string;
  /** As the engine calls it: `created`, `running`, `paused`, `restarting`, `removing`, `exited`, `dead`. */
  readonly state: string;
  /** As the engine tells it, such as `Exited (137) 3 seconds ago`. */
  readonly status: string;
}
