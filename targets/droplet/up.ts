import type { Api } from '../../clients/digitalocean/api.js';
import { pullImage } from '../../clients/docker/find-image.js';
import type { State } from '../../clients/terraform/state/state.js';
import type { ClusterWorld } from '../../cluster/context.js';
import { withClusterLock } from '../../cluster/lock.js';
import { environmentError } from '../../lib/errors.js';
import type { DropletSettings } from '../clusters-file/cluster-settings.js';
import { adoptionIn, claimExternalDatabase } from '../common/external-database.js';
import type { StageInput } from '../common/stages/input.js';
import { inputIn } from '../common/stages/input-in-state.js';
import { register } from '../common/stages/register.js';
import { StepLog, stepLine } from '../common/stages/step-log.js';
import { requireStateOf, stateFileOf } from '../common/workspace.js';
import { entryStateOf } from '../docker/plan.js';
import { ENTRY_OUTCOME, type UpResult } from '../docker/up.js';
import { applyDroplet } from './apply.js';
import { lookAhead } from './look-ahead.js';
import { type LaidGround, layGround } from './machine/ground.js';
import { install } from './stages/install.js';
import { manageDatabase } from './stages/managed-database.js';

/** What people may tell, and allow. */
export interface DropletUpOptions {
  /** From where they come: addresses and blocks. @default - what the world shows */
  readonly sources: readonly string[];
  /** Droplet, volume and reserved address may be replaced, with what is on them. */
  readonly allowReplace: boolean;
}

/**
 * THE STORY of `up` on a droplet: look ahead, lay the ground, apply what was planned, prove, register.
 * Where Terraform has nothing to do, every step on the droplet looks for itself.
 */
export async function bringUpDroplet(
  settings: DropletSettings,
  world: ClusterWorld,
  { sources, allowReplace }: DropletUpOptions,
): Promise<UpResult> {
  const log = new StepLog((end) => world.steps.detail(stepLine(end)));
  const findings = await lookAhead(settings, world, sources);
  log.done('pre-flight', 'done');
  const { operator, warnings, engine, missingImages } = findings;
  for (const warning of warnings) world.steps.warn(warning);
  for (const reference of missingImages) {
    if (engine === undefined) break;
    await pullImage(engine, { reference, signal: world.signal });
    world.steps.done(`image ${reference} pulled`);
  }
  return withClusterLock(world, async () => {
    const before = inputIn(await requireStateOf(world), 'register');
    const entryBefore = await entryStateOf(settings, world, before?.endpoint ?? '');
    await claimExternalDatabase(settings, world);
    const changes = await onGround(settings, world, operator, ({ ground }, onPlanned) =>
      applyDroplet(settings, world, { ground, allowReplace, findings, onPlanned, log }),
    );
    const told = toldIn(await requireStateOf(world), stateFileOf(world));
    if (changes.length === 0) {
      if (settings.database.managed) {
        await manageAgain(told('managed-database'), findings.api, world);
      }
      await installAgain(told('install'), world);
    }
    const input = told('register');
    const { server } = await register(input, world.signal);
    return {
      cluster: settings.name,
      endpoint: input.endpoint,
      version: server.version,
      registry: world.registry,
      entry: ENTRY_OUTCOME[entryBefore],
      changes: changes.length,
    };
  });
}

/** Tells whether the plan makes a droplet. */
export type OnPlanned = (makesDroplet: boolean) => void;

/** Lays the ground for `work`, and takes away what no droplet will show. */
async function onGround<T>(
  settings: DropletSettings,
  { project }: ClusterWorld,
  operator: readonly string[],
  work: (laid: LaidGround, onPlanned: OnPlanned) => Promise<T>,
): Promise<T> {
  const laid = await layGround(settings, project.stateDir, operator);
  // Until it is known better: a key too many is harmless, one too few is a droplet that nobody knows.
  let isMade = true;
  try {
    return await work(laid, (makesDroplet) => {
      isMade = makesDroplet;
    });
  } finally {
    await laid.clear(isMade ? 'made' : 'not made');
  }
}

async function manageAgain(input: StageInput<'managed-database'>, api: Api, world: ClusterWorld) {
  tellAll(await manageDatabase(input, api, world.signal), world.steps);
}

async function installAgain(input: StageInput<'install'>, world: ClusterWorld) {
  const { steps, signal, env } = world;
  tellAll(await install(input, signal, undefined, { ...env, ...adoptionIn(world) }), steps);
}

function tellAll(report: Readonly<Record<string, string>>, steps: ClusterWorld['steps']) {
  for (const [what, outcome] of Object.entries(report)) {
    const tell = outcome === 'already so' || outcome === 'none' ? steps.detail : steps.done;
    tell(`${what}: ${outcome}`);
  }
}

/** After an apply every stage stands in state with what it was told, unless somebody else changed it. */
const toldIn =
  (state: State, path: string) =>
  <Name extends 'managed-database' | 'install' | 'register'>(stage: Name): StageInput<Name> => {
    const input = inputIn(state, stage);
    if (input !== undefined) return input;
    throw environmentError('state-unreadable', {
      path,
      message: `the state does not tell what '${stage}' was told`,
      hint: 'Something else has changed it since the apply. Run the same command again.',
    });
  };
