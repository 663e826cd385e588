import { realpath } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { EXTRA_CA } from '../../prisma/client-variables.js';
import { derivedSecret } from '../../prisma/tokens/derived-secret.js';
import type { Registry } from '../../registry/file/read-registry.js';
import type { ResolvedEntry } from '../../registry/resolve-entry.js';
import { extraAuthorities } from '../extra-authorities.js';
import { cliArguments } from '../prisma-cli/cli-arguments.js';
import { cliEnvironment } from '../prisma-cli/cli-environment.js';
import { FIRST_LOOKING_BELOW, FIRST_WITH_PROJECT_FLAG } from '../prisma-cli/cli-version.js';
import { signsWith } from '../prisma-cli/compatibility.js';
import { withPrivateHome } from '../prisma-cli/private-home.js';
import type { FoundDefinition } from '../prisma-yml/find-prisma-yml.js';
import type { Target } from './choose-target.js';
import type { DeployContext, DeployRequest } from './deploy-input.js';
import type { Server } from './fetch-service.js';
import type { LoadedService } from './load-service.js';
import type { ChosenCli } from './require-cli.js';
import { type CliEnd, runCli } from './run-cli.js';

/** Runs the CLI with the arguments and the environment that deploy to the target. */
export async function startCli(
  {
    request,
    loaded,
    registry,
    target,
    entry,
    server,
    cli,
    end,
  }: {
    readonly request: DeployRequest;
    readonly loaded: LoadedService;
    readonly registry: Registry;
    readonly target: Target;
    readonly entry: ResolvedEntry;
    readonly server: Pick<Server, 'derivedSecret'>;
    readonly cli: ChosenCli;
    /** Ends the CLI. */
    readonly end: AbortSignal;
  },
  context: DeployContext,
): Promise<CliEnd> {
  context.signal.throwIfAborted();
  const { service, definition, dotEnv } = loaded;
  const { changes, registry: ownRegistry } = cliEnvironment({
    ...{ minor: cli.minor, form: service.form, ...signingFor(cli.minor, entry, server) },
    ...{ service: target.service, stage: target.stage, variables: target.variables },
    registryIsPlain: await isPlain(registry, context),
    ...{ env: context.env, dotEnv, mentioned: service.variables },
    runsPrograms: ['hooks', 'seed'].some((key) => Object.hasOwn(Object(service.root), key)),
  });
  const cwd = whereToRun(definition, cli.minor);
  const argv = cliArguments({
    ...{ minor: cli.minor, cwd, words: request.words },
    project: definition.by === 'flag' ? relative(cwd, definition.file) : undefined,
    envFile: request.envFile,
    flags: Object.fromEntries(
      Object.entries(chosenFlags(request)).filter(([name]) => service.flags.includes(name)),
    ),
  });
  const trusted = await extraAuthorities(entry, context);
  const env = { ...context.env, ...changes, ...(trusted && { [EXTRA_CA]: trusted }) };
  const start = (more: NodeJS.ProcessEnv) =>
    runCli({ path: cli.path, argv, cwd, env: { ...env, ...more }, end }, context.stage);
  context.step(`deploying ${target.service}/${target.stage} to ${entry.name} (${entry.host})`);
  if (ownRegistry === undefined) return start({});
  return withPrivateHome(context.home, ownRegistry, (home) =>
    start({ HOME: home, ...(context.platform === 'win32' && { USERPROFILE: home }) }),
  );
}

/** What the CLI signs with. */
function signingFor(minor: number, entry: ResolvedEntry, server: Pick<Server, 'derivedSecret'>) {
  const auth = signsWith(minor, { auth: entry.kind, ...server });
  if (auth === entry.kind) return { cluster: entry, auth };
  return { cluster: { ...entry, secret: derivedSecret(entry.secret) }, auth };
}

/** A directory in which the CLI finds prisma.yml. */
function whereToRun({ by, directory, file }: FoundDefinition, minor: number): string {
  if (by === 'below' && minor < FIRST_LOOKING_BELOW) return dirname(file);
  return by === 'flag' && minor < FIRST_WITH_PROJECT_FLAG ? dirname(file) : directory;
}

/** Do the CLIs read this registry by default, and is it without a session of the hosted cloud? */
async function isPlain(registry: Registry, { home }: DeployContext): Promise<boolean> {
  const own = join(home, '.prisma', 'config.yml');
  const [here, there] = await Promise.all(
    [registry.path, own].map((path) => realpath(path).catch(() => path)),
  );
  if (here === there) return registry.cloudSessionKey === undefined;
  return false;
}

/** `--service` and `--stage`, where they are given. */
export const chosenFlags = ({ service, stage }: DeployRequest): Record<string, string> => ({
  ...(service !== undefined && { service }),
  ...(stage !== undefined && { stage }),
});
