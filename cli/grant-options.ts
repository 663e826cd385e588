import { usageError } from '../lib/errors.js';
import type { Grant } from '../prisma/tokens/cluster-token.js';

/** Options that limit what a token allows. */
export interface GrantOptions {
  readonly service?: string;
  readonly stage?: string;
  readonly action?: string;
}

/**
 * The grant that the options describe. A missing option means everything.
 *
 * @param hint for missing or wrong options
 * @param required options that must be there
 * @throws KitError `grant-invalid` (exit 2), all problems at once
 */
export function grantOf(
  options: GrantOptions,
  hint: string,
  required: readonly ('service' | 'stage')[] = [],
): Grant {
  const { service, stage, action = '*' } = options;
  const problems = Object.entries({ service, stage }).flatMap(([name, value]) => {
    const path = `--${name}`;
    if (value === undefined) {
      const isMissing = required.some((each) => each === name);
      return isMissing ? [{ path, message: 'is missing', hint }] : [];
    }
    const fits = /^(\*|[\w.~@-]+)$/.test(value);
    return fits ? [] : [{ path, message: `'${value}' is not a name`, hint }];
  });
  if (problems.length > 0) throw usageError('grant-invalid', problems);
  return { target: `${service ?? '*'}/${stage ?? '*'}`, action };
}
