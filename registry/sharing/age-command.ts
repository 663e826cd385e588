import { execa } from 'execa';
import { environmentError } from '../../lib/errors.js';

/**
 * Runs the `age` command, which does what its JavaScript library leaves out: keys of ssh. Only public
 * keys and paths are in `argv`; what is secret goes through stdin and stdout.
 *
 * @throws KitError `age-missing` (exit 3); any other failure as it came, for the caller to word
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
    throw environmentError(
      'age-missing',
      {
        path: 'age',
        message: 'keys of ssh need the age command, and it is not installed',
        hint: 'Install it (apt install age, brew install age), or use an age key: age-keygen -o key.txt',
      },
      cause,
    );
  }
}

/** A public key as ssh writes it: type, base64, and perhaps a comment. */
export const isSshRecipient = (text: string) =>
  /^ssh-(ed25519|rsa) [A-Za-z0-9+/]{60,}={0,2}( .*)?$/.test(text.trim());

/** A private key file of ssh, or an RSA key that ssh can use. */
export const isSshIdentity = (text: string) =>
  /^-----BEGIN (OPENSSH|RSA) PRIVATE KEY-----/.test(text);
