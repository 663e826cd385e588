import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { input } from '@inquirer/prompts';
import { addEntry } from '../../flows/add-entry.js';
import { EXIT, usageError } from '../../lib/errors.js';
import { newKeyPair } from '../../lib/keys/key-pair.js';
import { Secret } from '../../lib/secret.js';
import type { Context, SharedOptions } from '../context.js';
import { registryWorld } from './world.js';

/** The options of `cluster add`. */
export interface AddOptions extends SharedOptions {
  readonly host?: string;
  readonly keyFile?: string;
  readonly keyStdin?: boolean;
  readonly generate?: boolean;
  readonly force?: boolean;
  /** `--no-verify` */
  readonly verify: boolean;
  readonly allowOpen?: boolean;
}

/** `clusterkit cluster add NAME --host URL (--key-file F | --key-stdin | --generate)` */
export async function add(context: Context, options: AddOptions, name: string): Promise<number> {
  const host =
    options.host ??
    (await ask(context, 'Address of the server, such as http://name:4466', '--host'));
  const key = await keyOf(context, options);
  const generated = options.generate === true;
  const result = await addEntry(
    {
      name,
      host,
      ...key,
      force: options.force === true,
      // A server cannot know a key that was made just now.
      verify: options.verify && !generated,
      allowOpen: options.allowOpen === true,
    },
    registryWorld(context, `add ${name}`),
  );
  const { report } = context;
  const publicKey = key.publicKey;
  report.json({ ...result, ...(generated && { publicKey }) });
  const proven = result.verified ? `, proven with server ${result.version}` : ', not proven';
  report.say(`Cluster ${name} ${result.entry} (${result.host}${proven}).`);
  if (generated) {
    report.say(`Its server must be given this public key; then: clusterkit doctor\n${publicKey}`);
  }
  return EXIT.done;
}

async function keyOf(context: Context, { keyFile, keyStdin, generate, allowOpen }: AddOptions) {
  const given = [keyFile !== undefined, keyStdin === true, generate === true].filter(Boolean);
  if (given.length > 1) {
    throw usageError('key-ambiguous', {
      message: 'only one of --key-file, --key-stdin and --generate can be given',
      hint: 'Leave out all but one.',
    });
  }
  if (generate) {
    const { privateKey, publicKey } = await newKeyPair();
    return { secret: privateKey, source: 'generated key', publicKey };
  }
  if (keyStdin)
    return { secret: new Secret(await readAll(context.stdin)), source: 'standard input' };
  if (keyFile === undefined && (allowOpen || !context.canAsk)) return {};
  return fromFile(keyFile ?? (await ask(context, 'File with the private key', '--key-file')));
}

async function fromFile(path: string) {
  try {
    return { secret: new Secret(await readFile(path, 'utf8')), source: path };
  } catch (cause) {
    throw usageError(
      'key-unreadable',
      {
        path,
        message: `the key cannot be read: ${cause instanceof Error ? cause.message : cause}`,
        hint: 'Name a file with the RSA private key.',
      },
      cause,
    );
  }
}

async function ask(context: Context, message: string, option: string): Promise<string> {
  if (context.canAsk) {
    return input({ message, required: true }, { output: context.stderr, signal: context.signal });
  }
  throw usageError('option-missing', {
    message: `${option} is missing, and there is no terminal to ask on`,
    hint: `Give ${option}; see clusterkit cluster add --help.`,
  });
}
