import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError, usageError } from '../../lib/errors.js';
import { shellWord } from '../../lib/shell-word.js';
import { type CliVersion, cliVersionOf, readCliVersion } from '../prisma-cli/cli-version.js';
import { type Combination, cliFor, judgeCombination } from '../prisma-cli/compatibility.js';
import { type FoundCli, findClis } from '../prisma-cli/find-cli.js';

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
  const judge = ({ version: cli }: FoundCli) => judgeCombination({ ...combination, cli });
  const fits = (cli: FoundCli) => judge(cli).verdict === 'ok';
  const { clis, notes } = await findClis(directories, { env, platform, ask, fits });
  for (const note of notes) warn(note);
  const judged = clis.map((cli) => ({
    ...cli,
    ...judge(cli),
    label: `${cli.name}${cli.version ? ` ${cli.version.text}` : ''}`,
  }));
  const [first] = judged;
  if (first === undefined) {
    throw environmentError('cli-missing', {
      path: directories[0],
      message: `found no Prisma 1 CLI in its node_modules or on PATH`,
      hint: `For cluster '${cluster}' (server ${serverVersion}), ${await howToInstall(directories[0], combination)}`,
    });
  }
  const chosen =
    judged.find(({ verdict }) => verdict === 'ok') ??
    judged.find(({ verdict }) => verdict === 'warning');
  if (chosen === undefined) {
    throw usageError('cli-unfit', {
      path: first.path,
      message: `${first.label} cannot deploy to cluster '${cluster}' (server ${serverVersion}): ${first.reason}`,
      hint: `${first.works} Nothing was sent.`,
    });
  }
  if (chosen !== first) {
    warn(
      `${first.label} cannot deploy here: ${first.reason}. Using ${chosen.label} (${chosen.path}).`,
    );
  }
  const { path, name, version, label, verdict, reason, works } = chosen;
  if (verdict === 'warning') warn(`${label}: ${reason}. ${works}`);
  return {
    path,
    name,
    version,
    minor: version?.minor ?? (combination.form === 'cluster' ? 8 : 34),
  };
}

/** A CLI that package.json names already needs no other name, only an installation. */
async function howToInstall(
  directory: string,
  combination: Omit<Combination, 'cli'>,
): Promise<string> {
  const declared = await declaredCli(directory);
  const fits =
    declared && judgeCombination({ ...combination, cli: declared.version }).verdict !== 'refusal';
  return fits
    ? `install what its package.json names: (cd ${shellWord(directory)} && npm install --ignore-scripts)`
    : `install it there: ${cliFor(combination)}`;
}

async function declaredCli(directory: string) {
  try {
    const file = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
    const all: Record<string, unknown> = { ...file.dependencies, ...file.devDependencies };
    const text = String(all.prisma1 ?? all.prisma).replace(/^[\^~=v]+/, '');
    const version = cliVersionOf(text);
    return version && { version };
  } catch {
    return undefined;
  }
}
