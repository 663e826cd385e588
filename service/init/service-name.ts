import { usageError } from '../../lib/errors.js';
import type { Generation } from '../../prisma/generation.js';
import { reservedName } from '../../prisma/service-names.js';

/** The stage of a new service. */
const STAGE = 'dev';

/**
 * Checks a name that becomes a database or schema of the server, and a path of its address. A name that a
 * server of any generation takes for itself is refused: a service may move to another server.
 * @throws KitError `service-name-invalid` (exit 2)
 */
export function checkServiceName(name: string): void {
  const message = reasonAgainst(name);
  if (message === undefined) return;
  throw usageError('service-name-invalid', {
    path: 'name',
    message,
    hint: 'Use a letter, then up to 49 letters, digits, dashes and underscores.',
  });
}

function reasonAgainst(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,49}$/.test(name)) return `'${name}' is not a valid service name`;
  const [reserved] = (['C', 'B', 'A'] satisfies Generation[]).flatMap(
    (generation) => reservedName({ service: name, stage: STAGE }, generation) ?? [],
  );
  return reserved && `'${name}' cannot be the name of a service: ${reserved.reason}`;
}
