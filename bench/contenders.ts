import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { providerPlatform } from '../clients/terraform/built-provider.js';
import { findTerraform } from '../clients/terraform/terraform-binary.js';
import { newIdentity } from '../cluster/identity.js';
import { newKeyPair } from '../cluster/keys/key-pair.js';
import { cacheDirectory } from '../cluster/project.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import { targetNamed } from '../lifecycle/cluster-run.js';
import { readVersion } from '../prisma/probe/read-version.js';
import { TARGETS } from '../targets/all.js';
import { stageProgram } from '../targets/common/stack-place.js';
import { composeFile } from './compose-file.js';
import { runQuietly } from './timing.js';

/** The measured checkout. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'dist/cli/main.js');

/** One way to run the same two containers. */
export interface Contender {
  readonly name: string;
  up(): Promise<unknown>;
  again(): Promise<unknown>;
  down(): Promise<unknown>;
}

/** `clusterkit up` and `down`, in a project of its own. */
export async function kit(directory: string, settings: ClusterSettings): Promise<Contender> {
  const project = join(directory, 'kit');
  await writeProject(project, settings);
  const verb = (...words: string[]) =>
    runQuietly(
      [process.execPath, CLI, ...words, '--registry', join(project, 'config.yml')],
      project,
    );
  const up = () => verb('up', settings.name);
  return { name: 'clusterkit', up, again: up, down: () => verb('down', settings.name, '--yes') };
}

/** Plain Terraform on the stack that the kit synthesizes, its stages included. */
export async function rawTerraform(
  directory: string,
  settings: ClusterSettings,
): Promise<Contender> {
  const work = join(directory, 'terraform');
  const { synthesize } = await import('../stacks/common/synthesize.js');
  const places = {
    ...{ stateDir: work, registry: join(work, 'config.yml'), attempt: 'bench' },
    identity: newIdentity(work),
  };
  const place = {
    places,
    program: stageProgram(),
    env: process.env,
    state: undefined,
    refusal: undefined,
  };
  const target = targetNamed(settings.target, TARGETS);
  const { linkProvider } = await import('../clients/terraform/link-provider.js');
  const { findBuiltProvider } = await import('../clients/terraform/built-provider.js');
  synthesize(work, [await target.stack(settings, place)]);
  const stack = join(work, 'stacks', settings.name);
  const cache = cacheDirectory(process.env, process.env.HOME ?? '');
  const built = await findBuiltProvider(cache, providerPlatform(process.platform, process.arch));
  if (built !== undefined) await linkProvider(stack, built);
  const binary = await findTerraform(process.env, cache);
  const env = { ...process.env, CHECKPOINT_DISABLE: '1' };
  const terraform = (...argv: string[]) => runQuietly([binary, ...argv], stack, env);
  const apply = () => terraform('apply', '-auto-approve', '-input=false');
  return {
    name: 'terraform',
    up: async () => {
      await terraform('init', '-input=false');
      await apply();
    },
    again: apply,
    down: () => terraform('destroy', '-auto-approve', '-input=false'),
  };
}

/** docker-compose on an equal file; `undefined` where it is not installed. */
export async function compose(
  directory: string,
  settings: ClusterSettings,
): Promise<Contender | undefined> {
  const work = join(directory, 'compose');
  await mkdir(work);
  const { publicKey } = await newKeyPair();
  await composeFile(work, settings, publicKey);
  const argv = ['docker-compose', '-p', 'clusterkit-bench-compose'];
  const env = process.env;
  try {
    await runQuietly([...argv, 'version'], work, env);
  } catch {
    process.stderr.write('docker-compose is not installed, so it is not measured.\n');
    return undefined;
  }
  const up = async () => {
    await runQuietly([...argv, 'up', '-d'], work, env);
    await answers(`http://127.0.0.1:${settings.port}`);
  };
  return {
    name: 'docker-compose',
    up,
    again: up,
    down: () => runQuietly([...argv, 'down', '-v'], work, env),
  };
}

/** Waits until the server answers requests without a token. */
async function answers(host: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while ((await readVersion(host).catch(() => undefined)) === undefined) {
    if (performance.now() > deadline) throw new Error(`${host} did not answer within 60 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A project with one cluster. */
export async function writeProject(project: string, settings: ClusterSettings): Promise<void> {
  const { name, target, port, server, database } = settings;
  await mkdir(project);
  const text = JSON.stringify({ clusters: { [name]: { target, port, server, database } } });
  await writeFile(join(project, 'clusters.yml'), text);
}
