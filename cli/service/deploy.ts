import { usageError } from '../../lib/errors.js';
import type { Context, SharedOptions } from '../context.js';

/** The options of `clusterkit deploy`. */
export interface DeployOptions extends SharedOptions {
  readonly cluster?: string;
  readonly project?: string;
  readonly envFile?: string;
  readonly service?: string;
  readonly stage?: string;
}

/** `clusterkit deploy [DIR] [--cluster NAME] [-- prisma arguments]`. */
export async function deploy(
  _context: Context,
  _options: DeployOptions,
  _words: string[],
  _cliArguments: string[],
): Promise<number> {
  throw usageError('not-yet', { message: 'deploy is not built yet' });
}
