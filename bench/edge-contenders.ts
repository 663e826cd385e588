import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { renderHaproxy } from '../apps/edge/render-haproxy.js';
import { runInContainer } from '../clients/docker/run-in-container.js';
import { BUNDLED_EDGE, BUNDLED_GATEWAY, BUNDLED_PROXY } from '../cluster/bundled-images.js';
import { newKeyPair } from '../cluster/keys/key-pair.js';

/** What can stand before an application. */
export interface Contender {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: readonly string[];
  /** File of its configuration, and its content for these instances. */
  readonly file: string;
  render(instances: readonly string[]): string | Promise<string>;
  /** Makes it read its configuration again. */
  reload(container: Docker.Container): Promise<unknown>;
  /** Knows more than one instance. */
  readonly balances: boolean;
}

/** Port on which all of them listen, and that of the instances. */
export const PORT = 8080;
export const INSTANCE_PORT = 3000;

const DIRECTORY = '/run/bench';

/** Writes the configuration for these instances into a directory of the machine. */
export const configure = async (
  { file, render }: Contender,
  directory: string,
  instances: readonly string[],
) => writeFile(join(directory, file), await render(instances), { mode: 0o644 });

/** HAProxy with the kit's configuration, Caddy as its manual shows it, the kit's gateway. All log requests. */
export async function contenders(): Promise<Contender[]> {
  const clusterKey = (await newKeyPair()).publicKey;
  const haproxy: Contender = {
    ...{ name: 'HAProxy', image: BUNDLED_EDGE, environment: [], balances: true },
    command: ['haproxy', '-W', '-f', `${DIRECTORY}/haproxy.cfg`],
    file: 'haproxy.cfg',
    render: (names) =>
      renderHaproxy([
        {
          ...{ app: 'web', ports: [PORT], domains: [], requestTimeoutMs: 30_000, drainMs: 5000 },
          target: {
            kind: 'instances',
            instances: names.map((name) => ({ name, port: INSTANCE_PORT })),
          },
        },
      ]),
    reload: (container) => container.kill({ signal: 'SIGUSR2' }),
  };
  return [
    haproxy,
    {
      ...haproxy,
      name: 'HAProxy-kept',
      file: 'haproxy.cfg',
      // Connections to instances are used again.
      render: async (names) =>
        (await haproxy.render(names)).replace('  option http-server-close\n', ''),
    },
    {
      ...{ name: 'Caddy', image: BUNDLED_PROXY, environment: [], balances: true },
      command: ['caddy', 'run', '--config', `${DIRECTORY}/Caddyfile`],
      file: 'Caddyfile',
      render: (names) => `{\n\tauto_https off\n\tgrace_period 5s\n}
:${PORT} {
	log
	reverse_proxy ${names.map((name) => `${name}:${INSTANCE_PORT}`).join(' ')} {
		lb_policy least_conn
		lb_try_duration 5s
		lb_try_interval 100ms
		fail_duration 5s
	}
}\n`,
      reload: (container) =>
        runInContainer(container, ['caddy', 'reload', '--config', `${DIRECTORY}/Caddyfile`]),
    },
    {
      ...{ name: 'gateway', image: BUNDLED_GATEWAY, balances: false },
      command: ['node', '--max-old-space-size=80', '/opt/clusterkit/server.mjs'],
      environment: [`GATEWAY_CONFIG_PATH=${DIRECTORY}/gateway.yml`],
      file: 'gateway.yml',
      render: ([name]) =>
        JSON.stringify({
          ...{ port: PORT, adminPort: 9464, clusterKey },
          server: { url: `http://${name}:${INSTANCE_PORT}`, generation: 'B' },
        }),
      // It reads its configuration when it starts only.
      reload: (container) => container.restart({ t: 10 }),
    },
  ];
}

/** How the engine makes a contender. */
export const containerOf = (
  { image, command, environment }: Contender,
  { name, network, directory }: { name: string; network: string; directory: string },
): Docker.ContainerCreateOptions => ({
  ...{ name, Image: image, Entrypoint: [...command], Cmd: [], Env: [...environment] },
  User: '0',
  Healthcheck: { Test: ['NONE'] },
  HostConfig: {
    Init: true,
    NetworkMode: network,
    Binds: [`${directory}:${DIRECTORY}:ro`],
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '1' } },
  },
});
