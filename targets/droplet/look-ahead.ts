import type { ClusterWorld } from '../../cluster/context.js';
import { keyDirectory } from '../../cluster/keys/key-directory.js';
import type { DropletSettings } from '../clusters-file/cluster-settings.js';
import { combine } from '../docker/preflight.js';
import { readLoginKey } from './keys/ssh-keys.js';
import { operatorOf } from './machine/ground.js';
import { type DropletFindings, dropletPreflight } from './preflight.js';

/**
 * The pre-flight, and from where the operator comes: what is wrong with either is told together.
 * @param sources as `--source` gave them
 * @throws KitError with every problem
 */
export async function lookAhead(
  settings: DropletSettings,
  world: ClusterWorld,
  sources: readonly string[],
): Promise<DropletFindings & { readonly operator: readonly string[] }> {
  const looked = dropletPreflight(settings, world);
  const [findings, operator, key] = await Promise.allSettled([
    looked,
    operatorOf(settings, sources, world.env),
    looked.then(
      ({ own }) => requireLoginKey(own, settings, world),
      () => undefined,
    ),
  ]);
  if (
    findings.status === 'fulfilled' &&
    operator.status === 'fulfilled' &&
    key.status === 'fulfilled'
  ) {
    return { ...findings.value, operator: operator.value };
  }
  const errors = [findings, operator, key].flatMap((each) =>
    each.status === 'rejected' ? [each.reason as unknown] : [],
  );
  throw combine(withoutTwins(errors));
}

/** A droplet that is there knows one login key: with a new one nobody would come in. */
async function requireLoginKey(
  own: DropletFindings['own'],
  { name }: DropletSettings,
  { project }: ClusterWorld,
): Promise<void> {
  if (!own.some(({ kind }) => kind === 'droplet')) return;
  await readLoginKey(keyDirectory(project.stateDir, name));
}

/** Without a token both fail, and for the same reason. */
function withoutTwins(errors: readonly unknown[]): readonly unknown[] {
  const codes = errors.map((error) => (error as { code?: unknown }).code);
  return errors.filter((_, index) => codes.indexOf(codes[index]) === index);
}
