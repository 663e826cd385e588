import { usageError } from '../../lib/errors.js';

/** The server's own paths; a service of this name could not be reached. */
const TAKEN = ['management', 'cluster', 'status'];

/**
 * Servers make a database or schema of service and stage, and a path of the address.
 * @throws KitError `service-name-invalid` (exit 2)
 */
export function checkServiceName(name: string): void {
  const message = TAKEN.includes(name.toLowerCase())
    ? `'${name}' is a path of the server itself`
    : /^[A-Za-z][A-Za-z0-9_-]{0,49}$/.test(name)
      ? undefined
      : `'${name}' cannot be the name of a service`;
  if (message === undefined) return;
  throw usageError('service-name-invalid', {
    path: 'name',
    message,
    hint: 'Use a letter, then up to 49 letters, digits, dashes and underscores.',
  });
}
