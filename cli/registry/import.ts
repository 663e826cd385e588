import { EXIT, usageError } from '../../lib/errors.js';
import { readBoundedFile } from '../../lib/read-text-file.js';
import { addEntry } from '../../registry/add-entry.js';
import { isSshIdentity } from '../../registry/sharing/age-command.js';
import { type Opener, openSealed, readIdentities } from '../../registry/sharing/open-sealed.js';
import { parseAccess } from '../../registry/sharing/shared-access.js';
import type { Context, SharedOptions } from '../context.js';
import { readPassphrase, readStdin } from '../read-stdin.js';
import { addedText, registryInputs } from './inputs.js';

type ImportOptions = SharedOptions & {
  identityFile?: string;
  passphraseStdin?: boolean;
  name?: string;
  force?: boolean;
  verify: boolean;
  allowOpen?: boolean;
};

/** `clusterkit cluster import [FILE]`: adds an exported entry, with all checks of `add`. */
export async function importAccess(
  context: Context,
  options: ImportOptions,
  file: string | undefined,
): Promise<number> {
  checkSources(options, file);
  const source = file ?? 'standard input';
  const opener = await openerOf(context, options);
  const sealed = file === undefined ? await readStdin(context) : await read(file, 'access');
  const access = parseAccess(await openSealed(sealed, opener, source), source);
  const name = options.name ?? access.name;
  const result = await addEntry(
    {
      name,
      host: access.host,
      secret: access.clusterSecret,
      source,
      certificate: access.certificate,
      force: options.force === true,
      verify: options.verify,
      allowOpen: options.allowOpen === true,
    },
    registryInputs(context, `import ${name}`),
  );
  const { report } = context;
  report.json({ ...result, exportedAs: access.name });
  report.say(addedText(result));
  return EXIT.done;
}

function checkSources(
  { identityFile, passphraseStdin }: ImportOptions,
  file: string | undefined,
): void {
  if ((identityFile === undefined) === (passphraseStdin !== true)) {
    throw usageError('opener-missing', {
      message: 'the command needs --identity-file or --passphrase-stdin, and not both',
      hint: 'Use --identity-file when the sender has your public age or ssh key.',
    });
  }
  if (passphraseStdin && file === undefined) {
    throw usageError('file-missing', {
      message: 'stdin has the passphrase, so it cannot have the exported file too',
      hint: 'Name the file: clusterkit cluster import FILE --passphrase-stdin',
    });
  }
}

async function openerOf(context: Context, options: ImportOptions): Promise<Opener> {
  const { identityFile } = options;
  if (identityFile === undefined) return { passphrase: await readPassphrase(context) };
  const text = (await read(identityFile, 'identity')).toString('utf8');
  if (isSshIdentity(text)) return { sshIdentityFile: identityFile };
  return { identities: readIdentities(text, identityFile) };
}

async function read(path: string, what: 'access' | 'identity'): Promise<Buffer> {
  try {
    return await readBoundedFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem = { path, message: `it cannot be read (${code})`, hint: 'Name another file.' };
    throw usageError(`${what}-unreadable`, { ...problem, cause });
  }
}
