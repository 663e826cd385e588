import { environmentError } from '../../lib/errors.js';
import { fingerprintOfDer } from '../../lib/fingerprint.js';

/** `SHA256:…` of a public key in OpenSSH's form, as `ssh-keygen -l` prints it. */
export const sshFingerprint = (publicKey: string) =>
  fingerprintOfDer(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'));

/** Another machine answers, possibly one that intercepts the connection. */
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
    hint: 'Either the address now belongs to another machine, or somebody intercepts the connection. Check the droplet in the control panel; if it was replaced, run down and up for the cluster.',
  });

/** The right machine refuses the login. */
export const loginRefused = (address: string, cause: unknown) =>
  environmentError('ssh-login-refused', {
    path: address,
    message: 'the droplet does not accept the cluster’s login key for root',
    hint: 'Was its authorized_keys changed, or its first boot interrupted? The console in the control panel shows it.',
    cause,
  });

/** There was no answer in time. */
export const unreachable = (address: string, cause: unknown) =>
  environmentError('ssh-unreachable', {
    path: address,
    message: `no ssh connection: ${cause instanceof Error ? cause.message : cause}`,
    hint: 'Is the droplet on, and is this machine’s address among ssh.sources?',
    cause,
  });

/** The connection ended during a command. */
export const sshLost = (address: string, why: string, cause?: unknown) =>
  environmentError('ssh-lost', {
    path: address,
    message: `the ssh connection was lost: ${why}`,
    hint: 'Run the command again: it continues where it stopped.',
    cause,
  });

/** The connection works, but the machine refuses a channel. */
export const channelRefused = (address: string, cause: Error) =>
  environmentError('ssh-channel-refused', {
    path: address,
    message: `the droplet refused a request over ssh: ${cause.message}`,
    hint: 'Is the service behind it running, and does sshd there allow forwarding?',
    cause,
  });
