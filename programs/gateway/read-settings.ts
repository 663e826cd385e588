import { usageError } from '../../lib/errors.js';
import { loadConfiguration, type ReadFile } from '../configuration-file.js';
import { type GatewaySettings, settingsSchema } from './settings.js';

/**
 * Reads the YAML file that `GATEWAY_CONFIG_PATH` names. @throws KitError with all problems
 */
export function readSettings(env: NodeJS.ProcessEnv, readFile: ReadFile): GatewaySettings {
  const path = env.GATEWAY_CONFIG_PATH;
  if (path) return loadConfiguration(path, settingsSchema, readFile);
  const message = 'is not set: it names the configuration of the gateway';
  throw usageError('configuration-missing', { path: 'GATEWAY_CONFIG_PATH', message });
}
