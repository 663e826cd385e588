import { realpath } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { usageError } from '../lib/errors.js';
import { EXTRA_CA } from '../prisma/client-variables.js';
import { type Registry, readRegistry } from '../registry/file/read-registry.js';
import { type ResolvedEntry, resolveEntry } from '../registry/resolve-entry.js';
import { type AskWorld, askForService, requireServer } from './deploy/ask-server.js';
import { chooseTarget, type Target } from './deploy/choose-target.js';
import { type LoadedService, loadService } from './deploy/load-service.js';
import { type ChosenCli, requireCli } from './deploy/require-cli.js';
import { requireDeployed } from './deploy/require-deployed.js';
import { type CliEnd, type CliStage, runCli } from './deploy/run-cli.js';
import { extraAuthorities } from './extra-authorities.js';
import { withChangedFile } from './prisma-cli/changed-for-run.js';
import { cliArguments, readCliWords } from './prisma-cli/cli-arguments.js';
import { cliEnvironment } from './prisma-cli/cli-environment.js';
import { FIRST_LOOKING_BELOW, FIRST_WITH_PROJECT_FLAG } from './prisma-cli/cli-version.js';
import { withPrivateHome } from './prisma-cli/private-home.js';
import type { FoundDefinition } from './prisma-yml/find-prisma-yml.js';
import { endpointOf } from './prisma-yml/parse-endpoint.js';

/** What somebody wants to deploy. Paths are absolute. */
export interface DeployWish {
  readonly directory: string;
  readonly cluster?: string | undefined;
  readonly service?: string | undefined;
  readonly stage?: string | undefined;
  readonly project?: string | undefined;
  readonly envFile?: string | undefined;
  /** For the CLI. */
  readonly words: readonly string[];
}

/** What a deployment came to. Stable. */
export interface DeployResult {
  readonly cluster: string;
  readonly service: string;
  readonly stage: string;
  readonly endpoint: string;
  /** Path of the CLI. */
  readonly cli: string;
  readonly cliVersion: string | null;
  readonly serverVersion: string;
  /** The CLI's. */
  readonly exitCode: number;
  /** The server has the datamodel; `null`: nobody asked it, or it could not be compared. */
  readonly verified: boolean | null;
}

/** The machine, the registry and the person. */
export interface DeployWorld extends AskWorld {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Where the kit was called. */
  readonly cwd: string;
  readonly registry: string;
  /** Where the CLI runs. */
  readonly stage: CliStage;
  /** Lets a person choose; `undefined`: there is no terminal. */
  readonly choose: (() => Promise<string>) | undefined;
  readonly warn: (text: string) => void;
  readonly step: (text: string) => void;
}

/**
 * THE STORY of `deploy`: which cluster, is its server well, does the CLI fit; then the CLI; then what
 * the server says of it.
 *
 * @returns the result, and what interrupted it
 * @throws KitError; nothing was sent then, except for `not-deployed`
 */
export async function deployService(
  wish: DeployWish,
  world: DeployWorld,
): Promise<{ result: DeployResult; interruptedBy: NodeJS.Signals | undefined }> {
  const cliWords = readCliWords(wish.words);
  const flags = { ...chosenFlags(wish), ...cliWords.flags };
  const { directory, project, envFile } = wish;
  const loaded = await loadService({ directory, project, envFile, flags, env: world.env });
  const { service, sources, definition } = loaded;
  if (loaded.wasPutBack) {
    world.warn(`${definition.file}: put back the cluster that an interrupted run had changed`);
  }
  const registry = await readRegistry(world.registry);
  const ask = (why: string) => askPerson(world, definition, registry, why);
  const target = await chooseTarget(service, { registry, wish, sources, ask });
  const entry = await resolveEntry(world.registry, target.cluster, world.env);
  const server = await requireServer(entry, world);
  const cli = await requireCli({
    directories: [dirname(definition.file), directory],
    ...{ env: world.env, platform: world.platform, warn: world.warn },
    ...{ serverVersion: server.version, cluster: entry.name },
    meeting: { ...server, auth: entry.kind, form: service.form },
  });
  const before = await askForService(entry, server, target.service, target.stage, world);
  const end = await withChangedFile(
    definition.file,
    target.change,
    () => run({ wish, loaded, registry, target, entry, cli }, world),
    ({ interruptedBy }) => interruptedBy === undefined,
  );
  const judged = end.exitCode === 0 && end.interruptedBy === undefined && !cliWords.isDry;
  const named = `${cli.name}${cli.version ? ` ${cli.version.text}` : ''}`;
  const verified = judged
    ? await requireDeployed({ entry, server, target, service, before, cli: named }, world)
    : undefined;
  const result = {
    cluster: entry.name,
    service: target.service,
    stage: target.stage,
    endpoint: endpointOf(entry.host, target.service, target.stage),
    cli: cli.path,
    cliVersion: cli.version?.text ?? null,
    serverVersion: server.version,
    exitCode: end.exitCode,
    verified: verified === true ? true : null,
  };
  return { result, interruptedBy: end.interruptedBy };
}

interface Run {
  readonly wish: DeployWish;
  readonly loaded: LoadedService;
  readonly registry: Registry;
  readonly target: Target;
  readonly entry: ResolvedEntry;
  readonly cli: ChosenCli;
}

async function run(
  { wish, loaded, registry, target, entry, cli }: Run,
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

const chosenFlags = ({ service, stage }: DeployWish): Record<string, string> => ({
  ...(service !== undefined && { service }),
  ...(stage !== undefined && { stage }),
});

async function askPerson(
  { choose }: DeployWorld,
  { file }: FoundDefinition,
  { entries, path }: Registry,
  why: string,
): Promise<string> {
  if (entries.length === 0) {
    throw usageError('cluster-unnamed', {
      path: file,
      message: `${why}, and there is no cluster in ${path}`,
      hint: 'Bring one up (clusterkit up NAME), or add one: clusterkit cluster add NAME --host URL --key-file FILE',
    });
  }
  if (choose !== undefined) return choose();
  throw usageError('cluster-unnamed', {
    path: file,
    message: `${why}, and there is no terminal to ask on`,
    hint: `Name one: clusterkit deploy --cluster NAME. Known: ${entries.map(({ name }) => name).join(', ')}.`,
  });
}
