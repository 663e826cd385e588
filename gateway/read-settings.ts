import { parseDocument } from 'yaml';
import { type Problem, usageError } from '../lib/errors.js';
import { type GatewaySettings, settingsSchema } from './settings.js';

/**
 * The settings in the YAML file that `GATEWAY_CONFIG_PATH` names. @throws KitError with all problems
 */
export function readSettings(
  env: NodeJS.ProcessEnv,
  readFile: (path: string) => string,
): GatewaySettings {
  const path = env.GATEWAY_CONFIG_PATH;
  if (!path) {
    const message = 'is not set: it names the configuration of the gateway';
    throw usageError('configuration-missing', { path: 'GATEWAY_CONFIG_PATH', message });
  }
  const result = settingsSchema.safeParse(parseYaml(path, read(path, readFile)));
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path: keys, message }): Problem => ({ path: [path, ...keys].join('.'), message }),
  );
  throw usageError('configuration-invalid', problems);
}

function read(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch (cause) {
    const message = `cannot be read: ${(cause as NodeJS.ErrnoException).code}`;
    throw usageError('configuration-unreadable', { path, message }, cause);
  }
}

function parseYaml(path: string, yaml: string): unknown {
  const document = parseDocument(yaml, { prettyErrors: false });
  const [error] = document.errors;
  if (error === undefined) return document.toJS() ?? {};
  // The parser's words may quote the source, which holds secrets: only code and place are told.
  const message = `not valid YAML: ${error.code} at character ${error.pos[0]}`;
  throw usageError('configuration-malformed', { path, message });
}
