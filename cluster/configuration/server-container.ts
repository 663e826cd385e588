import { requireGeneration } from '../../prisma/generation.js';
import { isBundledServer } from '../bundled-images.js';
import { CONFIG_DIRECTORY, CONFIG_FILES } from '../names.js';

/** How the server's container starts. Nothing in it is secret. */
export interface ServerContainer {
  readonly environment: Readonly<Record<string, string>>;
  /** @default - the image's own */
  readonly entrypoint?: readonly string[];
}

/** Identifies a server: image and version. */
export interface ServerName {
  readonly image: string;
  readonly version: string;
}

/** Servers up to 1.6 read their configuration from variables, later ones from a file. */
export const readsVariables = ({ version }: Pick<ServerName, 'version'>): boolean =>
  requireGeneration(version) === 'A';

/** The part of the server's container that depends on its generation. */
export function serverContainer(server: ServerName): ServerContainer {
  const generation = requireGeneration(server.version);
  // The bundled server is one image for all of them.
  const environment = isBundledServer(server.image) ? { CLUSTERKIT_GENERATION: generation } : {};
  if (readsVariables(server)) {
    return {
      environment,
      entrypoint: ['/bin/sh', `${CONFIG_DIRECTORY}/${CONFIG_FILES.start}`],
    };
  }
  return {
    environment: {
      PRISMA_CONFIG_PATH: `${CONFIG_DIRECTORY}/${CONFIG_FILES.server}`,
      ...environment,
    },
  };
}
