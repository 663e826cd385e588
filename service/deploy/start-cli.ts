import { realpath } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { EXTRA_CA } from '../../prisma/client-variables.js';
import type { Registry } from '../../registry/file/read-registry.js';
import type { ResolvedEntry } from '../../registry/resolve-entry.js';
import { extraAuthorities } from '../extra-authorities.js';
import { cliArguments } from '../prisma-cli/cli-arguments.js';
import { cliEnvironment } from '../prisma-cli/cli-environment.js';
import { FIRST_LOOKING_BELOW, FIRST_WITH_PROJECT_FLAG } from '../prisma-cli/cli-version.js';
import { withPrivateHome } from '../prisma-cli/private-home.js';
import type { FoundDefinition } from '../prisma-yml/find-prisma-yml.js';
import type { Target } from './choose-target.js';
import type { DeployWish, DeployWorld } from './deploy-input.js';
import type { LoadedService } from './load-service.js';
import type { ChosenCli } from './require-cli.js';
import { type CliEnd, runCli } from './run-cli.js';

/** What {@link startCli} starts. */
export interface CliStart {
  readonly wish: DeployWish;
  readonly loaded: LoadedService;
  readonly registry: Registry;
  readonly target: Target;
  readonly entry: ResolvedEntry;
  readonly cli: ChosenCli;
}

/** Starts the CLI in the folder, with the arguments and the environment that deploy to the target. */
export async function startCli(
  { wish, loaded, registry, target, entry, cli }: CliStart,
  world: DeployWorld,
): Promise<CliEnd> {
  world.signal.throwIfAborted();
  const { service, definition, dotEnv } = loaded;
  const { changes, registry: ownRegistry } = cliEnvironment({
    ...{ minor: cli.minor, form: service.form, cluster: entry, auth: entry.kind },
    ...{ service: target.service, stage: target.stage, variables: target.variables },
    registryIsPlain: await isPlain(registry, world),
    ...{ env: world.env, dotEnv, mentioned: service.variables },
    runsPrograms: ['hooks', 'seed'].some((key) => Object.hasOwn(Object(service.root), key)),
  });
  const cwd = whereToRun(definition, cli.minor);
  const argv = cliArguments({
    ...{ minor: cli.minor, cwd, words: wish.words },
    project: definition.by === 'flag' ? relative(cwd, definition.file) : undefined,
    envFile: wish.envFile,
    flags: Object.fromEntries(
      Object.entries(chosenFlags(wish)).filter(([name]) => service.flags.includes(name)),
    ),
  });
  const trusted = await extraAuthorities(entry, world);
  const env = { ...world.env, ...changes, ...(trusted && { [EXTRA_CA]: trusted }) };
  const start = (more: NodeJS.ProcessEnv) =>
    runCli({ path: cli.path, argv, cwd, env: { ...env, ...more } }, world.stage);
  world.step(`${target.service}/${target.stage} goes to ${entry.name} (${entry.host})`);
  if (ownRegistry === undefined) return start({});
  return withPrivateHome(world.home, ownRegistry, (home) =>
    start({ HOME: home, ...(world.platform === 'win32' && { USERPROFILE: home }) }),
  );
}

/** Where the CLI finds prisma.yml by itself. */
function whereToRun({ by, directory, file }: FoundDefinition, minor: number): string {
  if (by === 'below' && minor < FIRST_LOOKING_BELOW) return dirname(file);
  return by === 'flag' && minor < FIRST_WITH_PROJECT_FLAG ? dirname(file) : directory;
}

/** Would a CLI by itself read this registry, and nothing in it that leads to the hosted cloud? */
async function isPlain(registry: Registry, { home }: DeployWorld): Promise<boolean> {
  const own = join(home, '.prisma', 'config.yml');
  const [here, there] = await Promise.all(
    [registry.path, own].map((path) => realpath(path).catch(() => path)),
  );
  if (here === there) return registry.cloudSessionKey === undefined;
  return false;
}

/** `--service` and `--stage`, where they are given. */
export const chosenFlags = ({ service, stage }: DeployWish): Record<string, string> => ({
  ...(service !== undefined && { service }),
  ...(stage !== undefined && { stage }),
});
