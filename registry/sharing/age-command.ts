import { execa } from 'execa';
import { environmentError } from '../../lib/errors.js';

/**
 * Runs the `age` command, which supports ssh keys; its JavaScript library does not. `argv` has public
 * keys and paths only; secrets go through stdin and stdout.
 *
 * @throws KitError `age-missing` (exit 3); any other failure unchanged, for the caller to explain
 */
export async function ageCommand(
  argv: readonly string[],
  input: string | Uint8Array,
): Promise<string> {
  try {
    const { stdout } = await execa('age', argv, { input, stripFinalNewline: false });
    return stdout;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw environmentError('age-missing', {
      path: 'age',
      message: 'ssh keys need the age command, which is not installed',
      hint: 'Install it (apt install age, brew install age), or use an age key: age-keygen -o key.txt',
      cause,
    });
  }
}

/** Is `text` an ssh public key: type, base64, and perhaps a comment? */
export const isSshRecipient = (text: string) =>
  /^ssh-(ed25519|rsa) [A-Za-z0-9+/]{60,}={0,2}( .*)?$/.test(text.trim());

/** Is `text` a private key of ssh, or an RSA key that ssh can use? */
export const isSshIdentity = (text: string) =>
  /^-----BEGIN (OPENSSH|RSA) PRIVATE KEY-----/.test(text);
