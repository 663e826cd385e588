import type Docker from 'dockerode';
import { CONFIG_DIRECTORY, CONFIG_FILES, objectName } from '../names.js';
import { configMount, hostOf } from './container-defaults.js';
import { FIXED_MB } from './memory-plan.js';

/** What the proxy before a cluster is made from. */
export interface ProxyContainerProps {
  readonly cluster: string;
  /** Id of the image. */
  readonly image: string;
  /** Address and port of the machine where the cluster is reached. */
  readonly publish: { readonly ip: string; readonly port: number };
  /** An authority's certificates are kept here, and asked for on port 80. @default - it has one */
  readonly certificates: boolean;
}

/** Where Caddy listens, and keeps certificates: see `cluster/configuration/render-caddyfile.ts`. */
const HTTPS_PORT = 443;
const HTTP_PORT = 80;
const CERTIFICATES = '/data';

/** Caddy with the certificate: it needs no more of its image than the program. */
export function proxyOptions(props: ProxyContainerProps): Docker.ContainerCreateOptions {
  const { cluster, image, publish, certificates } = props;
  const ports = certificates ? [HTTPS_PORT, HTTP_PORT] : [HTTPS_PORT];
  const outside = (port: number) => (port === HTTPS_PORT ? publish.port : port);
  return {
    Image: image,
    Entrypoint: ['caddy', 'run', '--config', `${CONFIG_DIRECTORY}/${CONFIG_FILES.proxy}`],
    Cmd: ['--adapter', 'caddyfile'],
    StopTimeout: 15,
    ExposedPorts: Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}])),
    HostConfig: {
      ...hostOf(FIXED_MB.proxy),
      Mounts: [
        configMount(cluster),
        ...(certificates
          ? [
              {
                Type: 'volume' as const,
                Source: objectName(cluster, 'certificates'),
                Target: CERTIFICATES,
              },
            ]
          : []),
      ],
      PortBindings: Object.fromEntries(
        ports.map((port) => [
          `${port}/tcp`,
          [{ HostIp: publish.ip, HostPort: String(outside(port)) }],
        ]),
      ),
    },
  };
}
