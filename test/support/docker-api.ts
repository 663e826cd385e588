import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Docker from 'dockerode';
import { onTestFinished } from 'vitest';
import type { Engine } from '../../clients/docker/connect.js';
import { LABEL } from '../../cluster/names.js';

/** A container as an engine lists it. */
export interface ListedContainer {
  readonly name: string;
  readonly role: string;
  readonly state: string;
}

/** The API of a Docker engine that has these containers and nothing else, for the running test. */
export async function engineWith(containers: readonly ListedContainer[]): Promise<Engine> {
  const server = createServer(({ url = '' }, response) => {
    const { pathname } = new URL(url, 'http://engine');
    const listed = containers.map(({ name, role, state }) => ({
      ...{ Id: `id-${name}`, Names: [`/${name}`], State: state, Labels: { [LABEL.role]: role } },
    }));
    const answers: Readonly<Record<string, unknown>> = {
      '/containers/json': listed,
      '/networks': [],
      '/volumes': { Volumes: [] },
    };
    const answer = answers[pathname];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { message: `no ${pathname}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return new Docker({ host: '127.0.0.1', port, protocol: 'http' });
}
