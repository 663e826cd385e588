import { randomBytes } from 'node:crypto';
import { usageError } from '../lib/errors.js';
import { Secret } from '../lib/secret.js';
import { plainOrQuoted } from '../lib/yaml-scalar.js';
import { type Generation, generationOf } from '../prisma/generation.js';
import { Unreachable } from '../prisma/probe/management-client.js';
import { readVersion } from '../prisma/probe/read-version.js';
import type { SecretKind } from '../prisma/tokens/signing-key.js';
import { readRegistry } from '../registry/file/read-registry.js';
import { resolveEntry } from '../registry/resolve-entry.js';
import { type CliPackage, LAST_CLI, parseCliPackage } from './init/cli-package.js';
import { makeFolder, requireEmpty } from './init/make-folder.js';
import { type FolderTemplates, renderFolder } from './init/render-folder.js';
import { checkServiceName } from './init/service-name.js';
import { LAST_WITH_REGISTRY, readCliVersion } from './prisma-cli/cli-version.js';
import { cliFor, judgeCombination } from './prisma-cli/compatibility.js';
import { type FoundCli, findClis } from './prisma-cli/find-cli.js';

/** Options of `init`. */
export interface InitRequest {
  readonly service: string;
  /** Absolute path. */
  readonly directory: string;
  /** Name in the registry. */
  readonly cluster?: string | undefined;
  /** Version of the CLI, such as `1.6.3` or `prisma1@1.34.12`. */
  readonly cli?: string | undefined;
}

/** Context of `init`. */
export interface InitContext {
  readonly registry: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly signal: AbortSignal;
  readonly umask: number;
  readonly templates: () => Promise<FolderTemplates>;
  /** Lets the user choose one of several clusters. @default - there is no terminal */
  readonly choose?: (() => Promise<string>) | undefined;
  /** How the kit is called from the new directory. */
  readonly call: string;
}

/** Result of {@link initService}. Stable. */
export interface InitResult {
  readonly service: string;
  readonly directory: string;
  readonly cluster: string | null;
  /** Version of the cluster's server; `null`: no cluster was given, or it did not answer. */
  readonly server: string | null;
  readonly cli: { readonly name: string; readonly version: string };
  readonly form: 'cluster' | 'endpoint';
  readonly files: readonly string[];
  /** Notes for the user. */
  readonly notes: readonly string[];
}

/**
 * Runs `init`: checks the name and the directory, reads the version of the cluster's server, chooses a CLI
 * that fits, and creates the folder in one step.
 *
 * @throws KitError `cluster-unnamed`, `service-name-invalid`, `directory-not-empty`, `cli-version-invalid`, `cli-unfit`,
 *   `cluster-unknown` and other errors of its entry (exit 2); `directory-unusable` (exit 3)
 */
export async function initService(request: InitRequest, context: InitContext): Promise<InitResult> {
  const { service, directory } = request;
  checkServiceName(service);
  await requireEmpty(directory);
  const wanted = request.cli === undefined ? undefined : parseCliPackage(request.cli);
  const named = request.cluster ?? (await meantCluster(context));
  const target = named === undefined ? undefined : await targetOf(named, context);
  const { cli, notes } = await chooseCli(directory, wanted, target, context);
  const form = formOf(cli);
  const files = renderFolder(await context.templates(), {
    ...{ service, cli, form, call: context.call, cluster: target && writable(target.name) },
    generation: target?.generation ?? generationOf(cli.version) ?? 'C',
    secret: new Secret(randomBytes(24).toString('base64url')),
  });
  await makeFolder(directory, files, context.umask);
  return {
    ...{ service, directory, form, notes },
    cluster: target?.name ?? null,
    server: target?.version ?? null,
    cli: { name: cli.name, version: cli.version },
    files: files.map(({ path }) => path),
  };
}

/** The cluster of the registry: the only one, or the user's choice. @throws KitError `cluster-unnamed` */
async function meantCluster({ registry, choose }: InitContext): Promise<string | undefined> {
  const { entries, path } = await readRegistry(registry);
  if (entries.length < 2) return entries[0]?.name;
  if (choose !== undefined) return choose();
  throw usageError('cluster-unnamed', {
    path: '--cluster',
    message: `${path} has several clusters, and there is no terminal to ask which one the service is for`,
    hint: `Name one: --cluster NAME. Known: ${entries.map(({ name }) => name).join(', ')}.`,
  });
}

/** A name that is safe in a comment, a shell and YAML; for any other, `deploy` asks for the cluster. */
const writable = (name: string) =>
  /^[\w.-]+$/.test(name) ? { name, yaml: plainOrQuoted(name) } : undefined;

/** The form of prisma.yml that all commands of a CLI support. */
const formOf = ({ minor }: CliPackage) =>
  minor <= LAST_WITH_REGISTRY ? ('cluster' as const) : ('endpoint' as const);

interface Target {
  readonly name: string;
  readonly kind: SecretKind;
  readonly version: string | undefined;
  readonly generation: Generation | undefined;
  readonly behindGateway: boolean;
  readonly derivedSecret: boolean;
}

/** Reads the version of the server, which needs no token. */
async function targetOf(name: string, { registry, env, signal }: InitContext): Promise<Target> {
  const { host, kind, trust } = await resolveEntry(registry, name, env);
  const server = await readVersion(host, { signal, trust }).catch((error: unknown) => {
    signal.throwIfAborted();
    if (error instanceof Unreachable || error instanceof TypeError) return undefined;
    throw error;
  });
  const { version, generation, gateway } = server ?? {};
  const derivedSecret = kind === 'rsa' && server?.derivedSecret === true;
  return {
    ...{ name, kind, version, generation },
    ...{ behindGateway: gateway !== undefined, derivedSecret },
  };
}

async function chooseCli(
  directory: string,
  wanted: CliPackage | undefined,
  target: Target | undefined,
  { env, platform }: InitContext,
): Promise<{ cli: CliPackage; notes: string[] }> {
  const notes: string[] = [];
  if (target !== undefined && target.generation === undefined) {
    notes.push(`The server of ${target.name} does not answer, so its version is unknown.`);
  }
  if (wanted !== undefined) {
    const problem = misfit(wanted, target);
    if (problem === undefined) return { cli: wanted, notes };
    throw usageError('cli-unfit', { path: '--cli', ...problem });
  }
  const ask = (path: string) => readCliVersion(path, env);
  const packageFor = ({ name, version }: FoundCli) =>
    version && packageOf(`${name}@${version.text}`);
  const fits = (cli: FoundCli) => {
    const found = packageFor(cli);
    return found !== undefined && misfit(found, target) === undefined;
  };
  const { clis } = await findClis([directory], { env, platform, ask, fits });
  for (const each of clis) {
    const found = packageFor(each);
    if (found === undefined) continue;
    const problem = misfit(found, target);
    if (problem === undefined) return { cli: found, notes };
    notes.push(`Skipped ${each.path} (${found.version}): ${problem.message}.`);
  }
  return { cli: target === undefined ? LAST_CLI : fitting(target), notes };
}

/** Why a CLI does not work with a cluster. */
function misfit(cli: CliPackage, target: Target | undefined) {
  if (target?.generation === undefined) return undefined;
  const { generation, behindGateway, derivedSecret, kind: auth } = target;
  const version = { text: cli.version, minor: cli.minor };
  const combination = { generation, behindGateway, derivedSecret, auth, form: formOf(cli) };
  const verdict = judgeCombination({ ...combination, cli: version });
  if (verdict.verdict !== 'refusal') return undefined;
  return { message: verdict.reason, hint: verdict.works };
}

/** A CLI from the compatibility table. For a server that does not answer, the kind of its secret decides. */
function fitting({ generation, behindGateway, kind: auth }: Target): CliPackage {
  const assumed = generation ?? (auth === 'rsa' ? 'B' : 'C');
  const form = auth === 'rsa' ? ('cluster' as const) : ('endpoint' as const);
  const command = cliFor({ generation: assumed, behindGateway, auth, form });
  const [named] = /prisma1?@[\d.]+/.exec(command) ?? [];
  return (named === undefined ? undefined : packageOf(named)) ?? LAST_CLI;
}

/** A CLI that npm can install; the one on this machine may be another. */
function packageOf(text: string): CliPackage | undefined {
  try {
    return parseCliPackage(text);
  } catch {
    return undefined;
  }
}
