import { environmentError, usageError } from '../../lib/errors.js';
import { type CliVersion, readCliVersion } from '../prisma-cli/cli-version.js';
import { type Combination, cliFor, judgeCombination } from '../prisma-cli/compatibility.js';
import { type FoundCli, findCli } from '../prisma-cli/find-cli.js';

/** The CLI to deploy with. */
export interface ChosenCli extends Pick<FoundCli, 'path' | 'name'> {
  readonly version: CliVersion | undefined;
  /** Its minor version; when it is unknown, one that fits prisma.yml. */
  readonly minor: number;
}

/**
 * Finds the service's CLI, and requires that it works with the server and prisma.yml.
 *
 * @throws KitError `cli-missing` (exit 3), `cli-unfit` (exit 2), with a CLI that works
 */
export async function requireCli(requirements: {
  /** Where the search starts: the directory of prisma.yml, and the given directory. */
  readonly directories: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly combination: Omit<Combination, 'cli'>;
  readonly serverVersion: string;
  readonly cluster: string;
  readonly warn: (text: string) => void;
}): Promise<ChosenCli> {
  const { directories, env, platform, combination, serverVersion, cluster, warn } = requirements;
  const ask = (path: string) => readCliVersion(path, env);
  const { cli, notes } = await findCli(directories, { env, platform, ask });
  for (const note of notes) warn(note);
  if (cli === undefined) {
    throw environmentError('cli-missing', {
      path: directories[0],
      message: `found no Prisma 1 CLI in its node_modules or on PATH`,
      hint: `For cluster '${cluster}' (server ${serverVersion}), install it there: ${cliFor(combination)}`,
    });
  }
  const { path, name, version } = cli;
  const { verdict, reason, works } = judgeCombination({ ...combination, cli: version });
  const label = `${name}${version ? ` ${version.text}` : ''}`;
  if (verdict === 'refusal') {
    throw usageError('cli-unfit', {
      path,
      message: `${label} cannot deploy to cluster '${cluster}' (server ${serverVersion}): ${reason}`,
      hint: `${works} Nothing was sent.`,
    });
  }
  if (verdict === 'warning') warn(`${label}: ${reason}. ${works}`);
  return {
    path,
    name,
    version,
    minor: version?.minor ?? (combination.form === 'cluster' ? 8 : 34),
  };
}
