import { confirm } from '@inquirer/prompts';
import { type Problem, usageError } from '../lib/errors.js';
import type { Context } from './context.js';

/**
 * Asks before something is lost, unless `--yes` is given.
 *
 * @throws KitError `confirmation-needed` without a terminal, `confirmation-refused` (exit 2)
 */
export async function assertMay(
  { yes, canAsk, stderr: output, signal }: Context,
  message: string,
  unasked: Problem,
  refused: Problem,
): Promise<void> {
  if (yes) return;
  if (!canAsk) throw usageError('confirmation-needed', unasked);
  if (await confirm({ message, default: false }, { output, signal })) return;
  throw usageError('confirmation-refused', refused);
}
