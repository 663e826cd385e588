import { CONFIG_DIRECTORY, CONFIG_FILES } from '../names.js';
import type { ContainersProps, RoleDescription } from './containers-props.js';
import { FIXED_MB } from './memory-plan.js';

/** Caddy's ports, and its directory of certificates: see `cluster/configuration/render-caddyfile.ts`. */
const HTTPS_PORT = 443;
const HTTP_PORT = 80;
const CERTIFICATES = '/data';

/**
 * Caddy with the certificate; of its image it needs the program only. For certificates of an authority it
 * has a volume, and port 80 for the authority's challenges.
 */
export function describeProxy(
  { publish, certificates = false }: Pick<ContainersProps, 'publish' | 'certificates'>,
  image: string,
): RoleDescription {
  const { ip, port } = publish;
  return {
    image,
    // Go collects garbage earlier when it comes near to this.
    environment: { GOMEMLIMIT: `${Math.floor(FIXED_MB.proxy * 0.75)}MiB` },
    entrypoint: ['caddy', 'run', '--config', `${CONFIG_DIRECTORY}/${CONFIG_FILES.proxy}`],
    command: ['--adapter', 'caddyfile'],
    mounts: certificates ? [{ volume: 'certificates', target: CERTIFICATES, readOnly: false }] : [],
    ports: [
      { internal: HTTPS_PORT, external: port, ip },
      ...(certificates ? [{ internal: HTTP_PORT, external: HTTP_PORT, ip }] : []),
    ],
    memoryMb: FIXED_MB.proxy,
    stopGraceSeconds: 15,
  };
}
