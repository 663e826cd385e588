import { usageError } from '../../lib/errors.js';

/** Paths of the server itself, which hide a service of this name. */
const TAKEN = ['management', 'cluster', 'status'];

/**
 * Checks a name that becomes a database or schema of the server, and a path of its address.
 * @throws KitError `service-name-invalid` (exit 2)
 */
export function checkServiceName(name: string): void {
  const message = TAKEN.includes(name.toLowerCase())
    ? `'${name}' is a path of the server itself`
    : /^[A-Za-z][A-Za-z0-9_-]{0,49}$/.test(name)
      ? undefined
      : `'${name}' is not a valid service name`;
  if (message === undefined) return;
  throw usageError('service-name-invalid', {
    path: 'name',
    message,
    hint: 'Use a letter, then up to 49 letters, digits, dashes and underscores.',
  });
}
