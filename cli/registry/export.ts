import { writeFile } from 'node:fs/promises';
import { EXIT, environmentError, usageError } from '../../lib/errors.js';
import { type Audience, seal } from '../../registry/sharing/seal.js';
import { accessText } from '../../registry/sharing/shared-access.js';
import type { Context, SharedOptions } from '../context.js';
import { readPassphrase } from '../read-stdin.js';
import { entryOf } from './inputs.js';

type ExportOptions = SharedOptions & {
  recipient?: readonly string[];
  passphraseStdin?: boolean;
  output?: string;
};

/** `clusterkit cluster export NAME --recipient R…`: one cluster's access as an age file. */
export async function exportAccess(
  context: Context,
  options: ExportOptions,
  name: string,
): Promise<number> {
  const { host, secret: clusterSecret, trust } = await entryOf(context, 'export', name);
  const audience = await audienceOf(context, options);
  const sealed = await seal(
    accessText({ name, host, clusterSecret, certificate: trust?.ca }),
    audience,
  );
  const { report } = context;
  if (options.output !== undefined) await writeNew(options.output, sealed);
  const output = options.output ?? null;
  report.json({ cluster: name, host, output, ...(output === null && { age: sealed }) });
  report.say(output === null ? sealed.trimEnd() : `Access to ${name} is in ${output}, encrypted.`);
  if (/^https?:\/\/(localhost|127\.|\[::1\])/i.test(host)) {
    report.warn(`${host} is an address of this machine only; your team mate may need another one.`);
  }
  return EXIT.done;
}

async function audienceOf(
  context: Context,
  { recipient = [], passphraseStdin }: ExportOptions,
): Promise<Audience> {
  if (recipient.length > 0 && passphraseStdin) {
    throw usageError('audience-ambiguous', {
      message: 'an export takes recipients or a passphrase, not both',
      hint: 'Leave out --recipient or --passphrase-stdin.',
    });
  }
  if (passphraseStdin) return { passphrase: await readPassphrase(context) };
  if (recipient.length > 0) return { recipients: recipient };
  throw usageError('audience-missing', {
    message: 'the export has neither a recipient nor a passphrase',
    hint: 'Give --recipient age1… (your team mate makes a key with age-keygen), or --passphrase-stdin.',
  });
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const exists = code === 'EEXIST';
    const message = exists ? 'the file exists already' : `it cannot be written (${code})`;
    const problem = { path, message, hint: 'Name another file: --output FILE.' };
    throw (exists ? usageError : environmentError)('output-unwritable', { ...problem, cause });
  }
}
