import type { Secret } from '../../lib/secret.js';
import { CONFIG_FILES } from '../names.js';
import { renderStart } from './render-start.js';
import { renderYaml } from './render-yaml.js';
import type { ServerConfiguration } from './server-configuration.js';

/**
 * Files of a cluster's configuration volume, by name.
 *
 * @param command of the server's image, when the server reads variables and a script starts it
 */
export const configurationFiles = (
  configuration: ServerConfiguration,
  command: readonly string[] | undefined,
): Readonly<Record<string, Secret>> => ({
  [CONFIG_FILES.databasePassword]: configuration.database.password,
  ...(command === undefined
    ? { [CONFIG_FILES.server]: renderYaml(configuration) }
    : { [CONFIG_FILES.start]: renderStart(configuration, command) }),
});
