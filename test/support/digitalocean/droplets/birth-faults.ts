import { newSshKeyPair } from '../../ssh-key-pair.js';
import type { GuestFile } from './guest-file.js';
import { GROUND } from './guest-ground.js';

/** Something that is wrong with a droplet from its first second. */
export type BirthFault =
  /** The engine's disk is full after so many MB. */
  | { readonly kind: 'small-engine-disk'; readonly megabytes: number }
  /** The engine does not start, until `mendEngine`. */
  | { readonly kind: 'no-engine' }
  /** sshd shows another host key than user data gave it, as a stranger in the middle would. */
  | { readonly kind: 'foreign-host-key' }
  /** ssh is refused for so long, from the start of the machine. */
  | { readonly kind: 'refused-ssh'; readonly seconds: number };

/** Drop-in that keeps the engine from starting. */
export const BROKEN_ENGINE: GuestFile = {
  path: '/etc/systemd/system/docker.service.d/fault.conf',
  text: '[Service]\nExecStartPre=/bin/sh -c "echo engine broken by a test >&2; exit 1"\n',
};

const FOREIGN_KEY = '/etc/ssh/foreign_host_key';

/** What a fault puts on the disk before the first boot. */
export function filesOfFault(fault: BirthFault): GuestFile[] {
  switch (fault.kind) {
    case 'small-engine-disk':
      return [];
    case 'no-engine':
      return [BROKEN_ENGINE];
    case 'foreign-host-key':
      return foreignHostKey();
    case 'refused-ssh':
      return [{ path: `${GROUND}/refuse-ssh`, text: `${fault.seconds}\n` }];
  }
}

/** A new host key and the line that makes sshd show it and no other. */
export const foreignHostKey = (): GuestFile[] => [
  { path: FOREIGN_KEY, text: newSshKeyPair().private, mode: 0o600 },
  // Before all others: the first key of a type is the one that is shown.
  { path: '/etc/ssh/sshd_config.d/00-a-fault.conf', text: `HostKey ${FOREIGN_KEY}\n` },
];
