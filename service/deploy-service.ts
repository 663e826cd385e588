import { dirname } from 'node:path';
import { usageError } from '../lib/errors.js';
import { type Registry, readRegistry } from '../registry/file/read-registry.js';
import { resolveEntry } from '../registry/resolve-entry.js';
import { askForService, requireServer } from './deploy/ask-server.js';
import { chooseTarget } from './deploy/choose-target.js';
import type { DeployWish, DeployWorld } from './deploy/deploy-input.js';
import { loadService } from './deploy/load-service.js';
import { requireCli } from './deploy/require-cli.js';
import { requireDeployed } from './deploy/require-deployed.js';
import { chosenFlags, startCli } from './deploy/start-cli.js';
import { withChangedFile } from './prisma-cli/changed-for-run.js';
import { readCliWords } from './prisma-cli/cli-arguments.js';
import type { FoundDefinition } from './prisma-yml/find-prisma-yml.js';
import { endpointOf } from './prisma-yml/parse-endpoint.js';

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
    () => startCli({ wish, loaded, registry, target, entry, cli }, world),
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
