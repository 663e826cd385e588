import { environmentError, usageError } from '../../lib/errors.js';
import { askForVersion } from '../prisma-cli/ask-version.js';
import type { CliVersion } from '../prisma-cli/cli-version.js';
import { cliFor, judgeMeeting, type Meeting } from '../prisma-cli/compatibility.js';
import { type FoundCli, findCli } from '../prisma-cli/find-cli.js';

/** What {@link requireCli} takes. */
export interface CliQuestion {
  /** Where the search begins: that of prisma.yml, and the one that was asked for. */
  readonly directories: readonly [string, ...string[]];
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

/**
 * The service's own CLI, when it fits server and prisma.yml.
 *
 * @throws KitError `cli-missing` (exit 3), `cli-unfit` (exit 2): both say what would do
 */
export async function requireCli(question: CliQuestion): Promise<ChosenCli> {
  const { directories, env, platform, meeting, serverVersion, cluster, warn } = question;
  const ask = (path: string) => askForVersion(path, env);
  const { cli, notes } = await findCli(directories, { env, platform, ask });
  for (const note of notes) warn(note);
  if (cli === undefined) {
    throw environmentError('cli-missing', {
      path: directories[0],
      message: `there is no Prisma 1 CLI in its node_modules, nor on PATH`,
      hint: `For cluster '${cluster}' (server ${serverVersion}), install it there: ${cliFor(meeting)}`,
    });
  }
  const { path, name, version } = cli;
  const { verdict, reason, works } = judgeMeeting({ ...meeting, cli: version });
  const named = `${name}${version ? ` ${version.text}` : ''}`;
  if (verdict === 'refusal') {
    throw usageError('cli-unfit', {
      path,
      message: `${named} cannot deploy to cluster '${cluster}' (server ${serverVersion}): ${reason}`,
      hint: `${works} Nothing was sent.`,
    });
  }
  if (verdict === 'warning') warn(`${named}: ${reason}. ${works}`);
  return { path, name, version, minor: version?.minor ?? (meeting.form === 'cluster' ? 8 : 34) };
}
