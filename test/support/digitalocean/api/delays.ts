/** How long something takes, in milliseconds, from the answer to the effect. All else is done at once. */
export interface Delays {
  readonly dropletCreate: number;
  readonly dropletDelete: number;
  readonly reboot: number;
  readonly databaseCreate: number;
}

/** Everything has happened by the next call, or as soon as the runtime is done. */
export const NO_DELAYS: Delays = {
  dropletCreate: 0,
  dropletDelete: 0,
  reboot: 0,
  databaseCreate: 0,
};
