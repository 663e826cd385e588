import { text as readAll } from 'node:stream/consumers';
import { newKeyPair } from '../../cluster/keys/key-pair.js';
import { EXIT, usageError } from '../../lib/errors.js';
import { readTextFile } from '../../lib/read-text-file.js';
import { Secret } from '../../lib/secret.js';
import { readCertificateFile } from '../../prisma/probe/read-certificate.js';
import type { SecretKind } from '../../prisma/tokens/signing-key.js';
import { addEntry } from '../../registry/add-entry.js';
import { askText } from '../ask.js';
import type { Context, SharedOptions } from '../context.js';
import { addedText, registryInputs } from './inputs.js';

type AddOptions = SharedOptions & {
  host?: string;
  keyFile?: string;
  keyStdin?: boolean;
  secretFile?: string;
  secretStdin?: boolean;
  generate?: boolean;
  certificate?: string;
  force?: boolean;
  verify: boolean;
  allowOpen?: boolean;
};

/**
 * `clusterkit cluster add NAME --host URL`, and the secret: `--key-file F`, `--key-stdin` or
 * `--generate` for a key pair, `--secret-file F` or `--secret-stdin` for a shared secret.
 */
export async function add(context: Context, options: AddOptions, name: string): Promise<number> {
  const host =
    options.host ??
    (await ask(context, 'Address of the server, such as http://name:4466', '--host'));
  const given = await secretOf(context, options);
  const generated = options.generate === true;
  const result = await addEntry(
    {
      name,
      host,
      ...given,
      certificate: await certificateOf(options),
      force: options.force === true,
      // The server cannot have a key that was made a moment ago.
      verify: options.verify && !generated,
      allowOpen: options.allowOpen === true,
    },
    registryInputs(context, `add ${name}`),
  );
  const { report } = context;
  const publicKey = 'publicKey' in given ? given.publicKey : undefined;
  report.json({ ...result, ...(generated && { publicKey }) });
  report.say(addedText(result));
  if (generated) {
    report.say(
      `Give this public key to the server, and then run ${context.call} doctor:\n${publicKey}`,
    );
  }
  return EXIT.done;
}

/** The options that give the secret; only one of them is possible. */
const SOURCES = {
  keyFile: '--key-file',
  keyStdin: '--key-stdin',
  secretFile: '--secret-file',
  secretStdin: '--secret-stdin',
  generate: '--generate',
} as const;

async function secretOf(context: Context, options: AddOptions) {
  const keys = Object.keys(SOURCES) as (keyof typeof SOURCES)[];
  const given = keys.filter((key) => options[key] !== undefined && options[key] !== false);
  if (given.length > 1) {
    throw usageError('key-ambiguous', {
      message: `only one of ${given.map((key) => SOURCES[key]).join(' and ')} is possible`,
      hint: 'Keep one of them.',
    });
  }
  const { keyFile, keyStdin, secretFile, secretStdin, generate, allowOpen } = options;
  if (generate) {
    const { privateKey, publicKey } = await newKeyPair();
    return { secret: privateKey, source: 'generated key', publicKey };
  }
  if (keyStdin || secretStdin) {
    const kind = keyStdin ? ('rsa' as const) : ('secret' as const);
    return { secret: new Secret(await readAll(context.stdin)), source: 'standard input', kind };
  }
  if (secretFile !== undefined) return fromFile(secretFile, 'secret');
  if (keyFile === undefined && (allowOpen || !context.canAsk)) return {};
  return fromFile(
    keyFile ?? (await ask(context, 'File with the private key', '--key-file')),
    'rsa',
  );
}

async function certificateOf({ certificate }: AddOptions): Promise<string | undefined> {
  if (certificate === undefined) return undefined;
  return readCertificateFile(certificate, {
    message: 'it cannot be read',
    hint: 'Name a file with the certificate of the server, or of its authority (PEM).',
  });
}

async function fromFile(path: string, kind: SecretKind) {
  try {
    return { secret: new Secret(await readTextFile(path)), source: path, kind };
  } catch (cause) {
    throw usageError('key-unreadable', {
      path,
      message: `it cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      hint:
        kind === 'rsa'
          ? 'Name a file with the RSA private key.'
          : 'Name a file that has the shared secret and nothing else.',
      cause,
    });
  }
}

async function ask(context: Context, message: string, option: string): Promise<string> {
  if (context.canAsk) return askText(context, message);
  throw usageError('option-missing', {
    message: `${option} is missing, and there is no terminal to ask on`,
    hint: `Give ${option}; see clusterkit cluster add --help.`,
  });
}
