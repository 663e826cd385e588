import { dirname } from 'node:path';
import { usageError } from '../lib/errors.js';
import { type Registry, readRegistry } from '../registry/file/read-registry.js';
import { resolveEntry } from '../registry/resolve-entry.js';
import { chooseTarget } from './deploy/choose-target.js';
import type { DeployContext, DeployRequest } from './deploy/deploy-input.js';
import { fetchServicePatiently, requireServer } from './deploy/fetch-service.js';
import { loadService } from './deploy/load-service.js';
import { requireCli } from './deploy/require-cli.js';
import { requireDeployed } from './deploy/require-deployed.js';
import { requireReachableNames } from './deploy/require-reachable-names.js';
import { chosenFlags, startCli } from './deploy/start-cli.js';
import { watchMigration } from './deploy/watch-migration.js';
import { afterFalseSuccess } from './next-steps.js';
import { withChangedFile } from './prisma-cli/changed-for-run.js';
import { readCliWords } from './prisma-cli/cli-arguments.js';
import type { FoundDefinition } from './prisma-yml/find-prisma-yml.js';
import { endpointOf } from './prisma-yml/parse-endpoint.js';

/** Result of `deploy`. Stable. */
export interface DeployResult {
  readonly cluster: string;
  readonly service: string;
  readonly stage: string;
  readonly endpoint: string;
  /** Path of the CLI. */
  readonly cli: string;
  readonly cliVersion: string | null;
  readonly serverVersion: string;
  /** Exit code of the CLI. */
  readonly exitCode: number;
  /** The server has the datamodel; `null`: not verified, or not comparable. */
  readonly verified: boolean | null;
}

/**
 * Runs `deploy`: chooses the cluster, verifies its server and the version of the CLI, runs the CLI, and
 * verifies that the server has the new datamodel.
 *
 * @returns the result, and the signal that interrupted it
 * @throws KitError; nothing was sent, except for `not-deployed`
 */
export async function deployService(
  request: DeployRequest,
  context: DeployContext,
): Promise<{ result: DeployResult; interruptedBy: NodeJS.Signals | undefined }> {
  const cliWords = readCliWords(request.words);
  const flags = { ...chosenFlags(request), ...cliWords.flags };
  const { directory, project, envFile } = request;
  const loaded = await loadService({ directory, project, envFile, flags, env: context.env });
  const { service, sources, definition } = loaded;
  if (loaded.wasRestored) {
    context.warn(`${definition.file}: restored the cluster that an interrupted run had changed`);
  }
  const registry = await readRegistry(context.registry);
  const ask = (why: string) => askUser(context, definition, registry, why);
  const target = await chooseTarget(service, { registry, request, sources, ask });
  const entry = await resolveEntry(context.registry, target.cluster, context.env);
  const server = await requireServer(entry, context);
  requireReachableNames(target, server);
  const cli = await requireCli({
    directories: [dirname(definition.file), directory],
    ...{ env: context.env, platform: context.platform, warn: context.warn },
    ...{ serverVersion: server.version, cluster: entry.name },
    combination: { ...server, auth: entry.kind, form: service.form },
  });
  const before = await fetchServicePatiently(entry, server, target.service, target.stage, context);
  const patience = request.timeoutMs === undefined ? {} : { endMs: request.timeoutMs };
  const watch = watchMigration({ entry, server, target }, context, patience);
  const end = await withChangedFile(
    definition.file,
    target.change,
    () =>
      startCli(
        { request, loaded, registry, target, entry, server, cli, end: watch.signal },
        context,
      ),
    ({ interruptedBy }) => interruptedBy === undefined,
  ).finally(watch.end);
  watch.signal.throwIfAborted();
  const shouldVerify = end.exitCode === 0 && end.interruptedBy === undefined && !cliWords.isDry;
  const cliName = `${cli.name}${cli.version ? ` ${cli.version.text}` : ''}`;
  const verified = shouldVerify
    ? await requireDeployed(
        {
          ...{ entry, server, target, service, before, cli: cliName },
          hint: ({ onlyRemovals }) =>
            afterFalseSuccess(
              { ...server, auth: entry.kind, name: entry.name },
              { minor: cli.minor, label: cliName },
              { form: service.form, onlyRemovals },
            ),
        },
        context,
        patience,
      )
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

async function askUser(
  { choose }: DeployContext,
  { file }: FoundDefinition,
  { entries, path }: Registry,
  why: string,
): Promise<string> {
  if (entries.length === 0) {
    throw usageError('cluster-unnamed', {
      path: file,
      message: `${why}, and ${path} has no clusters`,
      hint: 'Create one (clusterkit up NAME), or add one: clusterkit cluster add NAME --host URL --key-file FILE',
    });
  }
  if (choose !== undefined) return choose();
  throw usageError('cluster-unnamed', {
    path: file,
    message: `${why}, and there is no terminal to ask for it`,
    hint: `Choose one: clusterkit deploy --cluster NAME. Known: ${entries.map(({ name }) => name).join(', ')}.`,
  });
}
