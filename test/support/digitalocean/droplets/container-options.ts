import type Docker from 'dockerode';
import type { DropletSpec } from '../api/droplet-runtime.js';
import { GROUND } from './guest-ground.js';

const MIB = 1024 * 1024;

/** Calls that would reach the test machine. Those that a droplet may make succeed and do nothing. */
const SECCOMP = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [
    {
      names: ['swapon', 'swapoff', 'settimeofday', 'clock_settime'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: 0,
    },
    { names: ['init_module', 'finit_module', 'delete_module'], action: 'SCMP_ACT_ERRNO' },
    { names: ['kexec_load', 'kexec_file_load'], action: 'SCMP_ACT_ERRNO' },
  ],
};

/** Where a droplet's container gets its place. */
export interface ContainerPlace {
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Bridge to which its card belongs: see `Machine`. */
  readonly network: string;
  /** Named volume for /var/lib/docker, where overlay2 works; a number of MB for a disk so small. */
  readonly engineDisk: string | number;
}

/**
 * A container in which systemd and an engine run. Not `privileged`: that fails where the machine's
 * own bounding set lacks CAP_SYS_RESOURCE.
 */
export function containerOptions(
  spec: DropletSpec,
  place: ContainerPlace,
): Docker.ContainerCreateOptions {
  const { engineDisk, labels } = place;
  const memory = spec.size.memoryMb * MIB;
  const tmpfs = { '/run': 'mode=755,size=64m,exec', '/run/lock': '', '/tmp': '' };
  return {
    name: place.name,
    Hostname: spec.name,
    Image: place.image,
    Cmd: [`${GROUND}/init`],
    Env: ['container=docker'],
    Labels: { ...labels },
    StopSignal: 'SIGRTMIN+3',
    HostConfig: {
      NetworkMode: place.network,
      CgroupnsMode: 'private',
      CapAdd: ['ALL'],
      CapDrop: ['SYS_RESOURCE'],
      SecurityOpt: [`seccomp=${JSON.stringify(SECCOMP)}`, 'apparmor=unconfined'],
      MaskedPaths: [],
      ReadonlyPaths: [],
      // Loop devices: they play the volumes.
      DeviceCgroupRules: ['b 7:* rwm'],
      Memory: memory,
      MemorySwap: memory,
      Tmpfs:
        typeof engineDisk === 'number'
          ? { ...tmpfs, '/var/lib/docker': `size=${engineDisk}m` }
          : tmpfs,
      ...(typeof engineDisk === 'string' && {
        Mounts: [
          {
            Type: 'volume',
            Source: engineDisk,
            Target: '/var/lib/docker',
            VolumeOptions: {
              NoCopy: true,
              Labels: { ...labels },
              DriverConfig: { Name: 'local', Options: {} },
            },
          },
        ],
      }),
    } as Docker.HostConfig,
  };
}
