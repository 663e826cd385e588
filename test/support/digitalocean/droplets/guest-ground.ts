import { readFileSync } from 'node:fs';
import type { DropletSpec } from '../api/droplet-runtime.js';
import { firewallRuleset } from './firewall-ruleset.js';
import type { GuestFile } from './guest-file.js';
import { meminfo } from './meminfo.js';

/** Where a droplet keeps what plays hypervisor and kernel for it. */
export const GROUND = '/var/lib/droplet';

const PROGRAMS = ['init', 'plug', 'unplug', 'firewall', 'closed', 'refuse'];

/** Address of the inner engine's bridge: none that the outer one uses. */
const BRIDGE = '172.31.0.1/24';

/** The files under {@link GROUND}, and the few elsewhere, of a new droplet. */
export function groundFiles(spec: DropletSpec, mirror: string | undefined): GuestFile[] {
  // On the command line, so that daemon.json stays the guest's.
  const options = [
    `--bip=${BRIDGE}`,
    ...(mirror === undefined ? [] : [`--registry-mirror=${mirror}`]),
  ];
  return [
    ...PROGRAMS.map((name) => program(`${GROUND}/${name}`, name)),
    program('/etc/systemd/system-generators/droplet-fstab', 'fstab-generator'),
    program('/usr/lib/systemd/system-shutdown/droplet', 'last-words'),
    { path: `${GROUND}/meminfo`, text: meminfo(spec.size.memoryMb) },
    { path: `${GROUND}/firewall.nft`, text: firewallRuleset(spec.firewall, 'at birth') },
    { path: '/etc/default/docker', text: `DOCKER_OPTS="${options.join(' ')}"\n` },
  ];
}

/** The line by which a droplet finds a disk again after a reboot. */
export const diskFile = (letter: string, minor: number, volume: string): GuestFile => ({
  path: `${GROUND}/disks/${letter}`,
  text: `${letter} ${minor} ${volume}\n`,
});

const program = (path: string, name: string): GuestFile => ({
  path,
  text: readFileSync(new URL(`guest/${name}.sh`, import.meta.url), 'utf8'),
  mode: 0o755,
});
