import { environmentError } from '../errors.js';
import type { Progress } from './part.js';
import { runTool } from './run-tool.js';
import type { SetupWorld } from './setup-world.js';
import { findProgram } from './terraform-binary.js';

/** Since 1.21 `go` fetches the newer toolchain that a module asks for. */
const OLDEST = [1, 21] as const;

/**
 * Path of a usable `go`.
 * @param purpose what it is needed for and what else would do, for the message
 * @throws KitError `go-missing` (exit 3)
 */
export async function findGo(
  world: SetupWorld,
  progress: Progress,
  purpose: string,
): Promise<string> {
  const hint = `Install Go ${OLDEST.join('.')} or newer (https://go.dev/dl/). ${purpose}`;
  const go = await findProgram('go', world.env);
  if (go === undefined) {
    throw environmentError('go-missing', { message: 'there is no `go` on the PATH', hint });
  }
  const text = await runTool({ argv: [go, 'version'], env: world.env, progress, hint });
  const [, major = '0', minor = '0'] = /go(\d+)\.(\d+)/.exec(text) ?? [];
  if (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]) {
    throw environmentError('go-missing', { message: `${go} is too old (${text.trim()})`, hint });
  }
  return go;
}
