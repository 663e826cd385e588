/** How long the real one takes, in milliseconds, from the answer to the effect. */
export interface Delays {
  readonly dropletCreate: number;
  readonly dropletDelete: number;
  readonly powerCycle: number;
  readonly reboot: number;
  readonly powerOff: number;
  readonly powerOn: number;
  readonly otherDropletAction: number;
  readonly volumeAction: number;
  readonly reservedIpAction: number;
  readonly firewall: number;
  readonly databaseCreate: number;
}

/** About what users see; measured by nobody here. */
export const REALISTIC_DELAYS: Delays = {
  dropletCreate: 32_000,
  dropletDelete: 5000,
  powerCycle: 12_000,
  reboot: 12_000,
  powerOff: 8000,
  powerOn: 10_000,
  otherDropletAction: 2000,
  volumeAction: 5000,
  reservedIpAction: 8000,
  firewall: 2500,
  databaseCreate: 240_000,
};

/** Everything has happened by the next call, or as soon as the runtime is done. */
export const NO_DELAYS: Delays = {
  dropletCreate: 0,
  dropletDelete: 0,
  powerCycle: 0,
  reboot: 0,
  powerOff: 0,
  powerOn: 0,
  otherDropletAction: 0,
  volumeAction: 0,
  reservedIpAction: 0,
  firewall: 0,
  databaseCreate: 0,
};
