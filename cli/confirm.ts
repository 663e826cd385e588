import { type Problem, usageError } from '../lib/errors.js';
import { askYesNo } from './ask.js';
import type { Context } from './context.js';

/**
 * Asks before something is lost, unless `--yes` is given.
 *
 * @throws KitError `confirmation-needed` without a terminal, `confirmation-refused` (exit 2)
 */
export async function assertMay(
  context: Context,
  message: string,
  unasked: Problem,
  refused: Problem,
): Promise<void> {
  if (context.yes) return;
  if (!context.canAsk) throw usageError('confirmation-needed', unasked);
  if (await askYesNo(context, message)) return;
  throw usageError('confirmation-refused', refused);
}
