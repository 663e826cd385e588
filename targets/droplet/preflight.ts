import { combine } from '../common/preflight.js';
import type { ClusterContext } from '../context.js';
import { type Checked, runChecks } from './checks.js';
import { readLoginKey } from './keys/ssh-keys.js';
import { operatorOf } from './machine/boot-inputs.js';
import type { DropletSettings } from './settings.js';

/** Result of {@link preflight}. */
export interface DropletFindings extends Checked {
  /** Addresses and blocks of the operator; empty when the settings have all sources. */
  readonly operator: readonly string[];
}

/**
 * The checks, and the operator's addresses: problems of both are reported together.
 * @throws KitError with every problem
 */
export async function preflight(
  settings: DropletSettings,
  context: ClusterContext,
): Promise<DropletFindings> {
  const checks = runChecks(settings, context);
  const [checked, operator, key] = await Promise.allSettled([
    checks,
    operatorOf(settings, context.options.sources, context.env),
    checks.then(
      ({ own }) => requireLoginKey(own, context),
      () => undefined,
    ),
  ]);
  if (
    checked.status === 'fulfilled' &&
    operator.status === 'fulfilled' &&
    key.status === 'fulfilled'
  ) {
    return { ...checked.value, operator: operator.value };
  }
  const errors = [checked, operator, key].flatMap((each) =>
    each.status === 'rejected' ? [each.reason as unknown] : [],
  );
  throw combine(withoutTwins(errors));
}

/** An existing droplet accepts one login key only, so the key store must have it. */
async function requireLoginKey(
  own: Checked['own'],
  { keyDirectory }: ClusterContext,
): Promise<void> {
  if (own.some(({ kind }) => kind === 'droplet')) await readLoginKey(keyDirectory);
}

/** Removes duplicates: without a token several checks fail for the same reason. */
function withoutTwins(errors: readonly unknown[]): readonly unknown[] {
  const codes = errors.map((error) => (error as { code?: unknown }).code);
  return errors.filter((_, index) => codes.indexOf(codes[index]) === index);
}
