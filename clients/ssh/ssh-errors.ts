import { environmentError } from '../../lib/errors.js';
import { fingerprintOfDer } from '../../lib/fingerprint.js';

/** `SHA256:…` of a public key in OpenSSH's form, as `ssh-keygen -l` prints it. */
export const sshFingerprint = (publicKey: string) =>
  fingerprintOfDer(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'));

/** Somebody else answers, or somebody in the middle does. */
export const hostKeyWrong = (
  address: string,
  shown: string | undefined,
  expected: readonly string[],
) =>
  environmentError('host-key-wrong', {
    path: address,
    message:
      shown === undefined
        ? 'the machine that answers has no host key of type ed25519; nothing was sent to it'
        : `the machine that answers has host key ${sshFingerprint(shown)}, not ${expected.map(sshFingerprint).join(' or ')}; nothing was sent to it`,
    hint: 'Either the address belongs to another machine by now, or somebody is in between. Look at the droplet in the control panel; if it was replaced, take the cluster down and up again.',
  });

/** The right machine does not let us in. */
export const loginRefused = (address: string, cause: unknown) =>
  environmentError(
    'ssh-login-refused',
    {
      path: address,
      message: 'the droplet does not accept the cluster’s login key for root',
      hint: 'Was its authorized_keys changed, or its first boot cut short? The console in the control panel tells.',
    },
    cause,
  );

/** Nobody answers in time. */
export const unreachable = (address: string, cause: unknown) =>
  environmentError(
    'ssh-unreachable',
    {
      path: address,
      message: `no ssh connection: ${cause instanceof Error ? cause.message : cause}`,
      hint: 'Is the droplet on, and is this machine’s address among ssh.sources?',
    },
    cause,
  );

/** A connection ended under what ran over it. */
export const sshLost = (address: string, why: string, cause?: unknown) =>
  environmentError(
    'ssh-lost',
    {
      path: address,
      message: `the ssh connection was lost: ${why}`,
      hint: 'Run the command again: it goes on where it stopped.',
    },
    cause,
  );

/** The connection stands, but what was asked for over it is not to be had. */
export const channelRefused = (address: string, cause: Error) =>
  environmentError(
    'ssh-channel-refused',
    {
      path: address,
      message: `the droplet refused what was asked of it over ssh: ${cause.message}`,
      hint: 'Is the service behind it running, and does sshd there allow forwarding?',
    },
    cause,
  );
