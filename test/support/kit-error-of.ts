import { KitError } from '../../lib/errors.js';

/** The {@link KitError} that `work` throws; anything else, also success, fails the test. */
export async function kitErrorOf(work: () => unknown): Promise<KitError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof KitError) return error;
    throw error;
  }
  throw new Error('expected a KitError, but nothing was thrown');
}
