import { requireGeneration } from '../../prisma/generation.js';
import { isBundledServer } from '../bundled-images.js';
import { CONFIG_DIRECTORY, CONFIG_FILES } from '../names.js';

/** How the server's container starts. Nothing in it is secret. */
export interface ServerContainer {
  readonly environment: Readonly<Record<string, string>>;
  /** What runs it: upstream's servers need a JVM, the bundled one Node.js. */
  readonly runtime: 'java' | 'node';
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
  const isBundled = isBundledServer(server.image);
  const environment = isBundled ? { CLUSTERKIT_GENERATION: generation } : {};
  const runtime = isBundled ? 'node' : 'java';
  if (readsVariables(server)) {
    return {
      environment,
      runtime,
      entrypoint: ['/bin/sh', `${CONFIG_DIRECTORY}/${CONFIG_FILES.start}`],
    };
  }
  return {
    runtime,
    environment: {
      PRISMA_CONFIG_PATH: `${CONFIG_DIRECTORY}/${CONFIG_FILES.server}`,
      ...environment,
    },
  };
}
