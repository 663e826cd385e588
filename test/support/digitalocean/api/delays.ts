/** How long something takes, in milliseconds, from the answer to the effect. All else is done at once. */
export interface Delays {
  readonly dropletCreate: number;
  readonly dropletDelete: number;
  readonly reboot: number;
  readonly databaseCreate: number;
  /** Any other action on a droplet: meanwhile the droplet refuses the next one. */
  readonly action: number;
  /** How long a new droplet, which is active and not locked, still refuses actions. */
  readonly settling: number;
}

/** Everything has happened by the next call, or as soon as the runtime is done. */
export const NO_DELAYS: Delays = {
  dropletCreate: 0,
  dropletDelete: 0,
  reboot: 0,
  databaseCreate: 0,
  action: 0,
  settling: 0,
};
