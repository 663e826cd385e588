import { execa } from 'execa';
import { environmentError, usageError } from '../../lib/errors.js';
import { type CliVersion, cliVersionOf } from '../../lib/service/cli-version.js';
import { cliFor, judgeMeeting, type Meeting } from '../../lib/service/compatibility.js';
import { type FoundCli, findCli } from '../../lib/service/find-cli.js';

/** What {@link requireCli} takes. */
export interface CliQuestion {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly meeting: Omit<Meeting, 'cli'>;
  readonly serverVersion: string;
  readonly cluster: string;
  readonly warn: (text: string) => void;
}

/** The CLI that deploys. */
export interface ChosenCli extends Pick<FoundCli, 'path' | 'name'> {
  readonly version: CliVersion | undefined;
  /** Its minor version; one that fits prisma.yml when nothing tells it. */
  readonly minor: number;
}

const ASK_MS = 20_000;

/**
 * The service's own CLI, when it fits server and prisma.yml.
 *
 * @throws KitError `cli-missing` (exit 3), `cli-unfit` (exit 2): both say what would do
 */
export async function requireCli(question: CliQuestion): Promise<ChosenCli> {
  const { directory, env, platform, meeting, serverVersion, cluster, warn } = question;
  const { cli, notes } = await findCli(directory, { env, platform });
  for (const note of notes) warn(note);
  const { generation, auth, form } = meeting;
  if (cli === undefined) {
    throw environmentError('cli-missing', {
      path: directory,
      message: `there is no Prisma 1 CLI in its node_modules, nor on PATH`,
      hint: `For cluster '${cluster}' (server ${serverVersion}), install it there: ${cliFor(generation, auth, form)}`,
    });
  }
  const version = cli.version ?? (await askForVersion(cli.path, env));
  const { verdict, reason, works } = judgeMeeting({ ...meeting, cli: version });
  const named = `${cli.name}${version ? ` ${version.text}` : ''}`;
  if (verdict === 'refusal') {
    throw usageError('cli-unfit', {
      path: cli.path,
      message: `${named} cannot deploy to cluster '${cluster}' (server ${serverVersion}): ${reason}`,
      hint: `${works} Nothing was sent.`,
    });
  }
  if (verdict === 'warning') warn(`${named}: ${reason}. ${works}`);
  const { path, name } = cli;
  return { path, name, version, minor: version?.minor ?? (form === 'cluster' ? 8 : 34) };
}

/** Wrappers of version managers have no package; the program itself tells. */
async function askForVersion(
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<CliVersion | undefined> {
  const { stdout } = await execa(path, ['--version'], {
    env: { ...env, NO_UPDATE_NOTIFIER: '1' },
    extendEnv: false,
    stdin: 'ignore',
    stderr: 'ignore',
    timeout: ASK_MS,
    reject: false,
  });
  const [, text] = /prisma1?\/(\d+\.\d+\.\d+\S*)/.exec(stdout ?? '') ?? [];
  return text === undefined ? undefined : cliVersionOf(text);
}
