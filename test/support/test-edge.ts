import type Docker from 'dockerode';
import type { EdgeInstance, EdgeRoute } from '../../apps/edge/edge-route.js';
import { ensureEdges } from '../../apps/edge/ensure-edges.js';
import { BUNDLED_EDGE, BUNDLED_GATEWAY } from '../../cluster/bundled-images.js';
import { engine } from './engine-traces.js';
import { TestObjects } from './test-containers.js';

/**
 * An instance: answers with its version, the size of the body and the headers that it got, after `?ms=`; ends at
 * SIGTERM when all is answered. A WebSocket is echoed, with nothing understood.
 */
const PROGRAM = `
const version = process.env.VERSION;
const server = require('node:http').createServer((request, response) => {
  let bytes = 0;
  request.on('data', (chunk) => { bytes += chunk.length; });
  request.on('end', () => {
    const { searchParams } = new URL(request.url, 'http://any');
    const { method, url, headers } = request;
    const answer = JSON.stringify({ version, method, url, bytes, headers });
    const chunks = Number(searchParams.get('chunks') ?? 0);
    if (url === '/unhealthy') response.statusCode = 500;
    if (chunks === 0) setTimeout(() => response.end(answer), Number(searchParams.get('ms') ?? 0));
    else {
      let left = chunks;
      const timer = setInterval(() => {
        response.write('piece\\n');
        if (--left === 0) { clearInterval(timer); response.end(); }
      }, Number(searchParams.get('ms') ?? 0));
    }
  });
});
const accept = (key) => require('node:crypto').createHash('sha1')
  .update(key + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
server.on('upgrade', ({ headers }, socket) => {
  socket.on('error', () => socket.destroy());
  const head = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket'];
  head.push('Sec-WebSocket-Accept: ' + accept(headers['sec-websocket-key']));
  socket.write(head.join('\\r\\n') + '\\r\\n\\r\\n');
  socket.pipe(socket);
});
server.listen(3000);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

/** What an instance of {@link TestEdge} answers. */
export interface InstanceEcho {
  readonly version: string;
  readonly method: string;
  readonly url: string;
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A cluster's network with instances of applications, for one test; all goes when that ends. */
export class TestEdge {
  readonly objects = new TestObjects();
  readonly cluster = this.objects.name;

  /** Makes the network, and edges that publish these ports on loopback. */
  static async create(ports: readonly number[]): Promise<TestEdge> {
    const edge = new TestEdge();
    await edge.objects.network();
    await edge.publish(ports);
    return edge;
  }

  publish(ports: readonly number[]) {
    const project = this.objects.labels['dev.clusterkit.project'];
    const { cluster } = this;
    return ensureEdges(engine, { cluster, project, image: BUNDLED_EDGE, ip: '127.0.0.1', ports });
  }

  /** Starts an instance of a release. */
  async instance(
    release: string,
  ): Promise<EdgeInstance & { readonly container: Docker.Container }> {
    const name = this.objects.nameOf(`app-web-${release}-1`);
    const container = await this.objects.container(`app-web-${release}-1`, {
      Image: BUNDLED_GATEWAY,
      Env: [`VERSION=${release}`],
      Entrypoint: ['node', '-e', PROGRAM],
      Healthcheck: { Test: ['NONE'] },
      HostConfig: { Init: true, NetworkMode: this.objects.nameOf('network') },
    });
    await container.start();
    return { name, port: 3000, container };
  }
}

/** A route to instances with everything that a test does not name. */
export const routeOf = (
  instances: readonly EdgeInstance[],
  more: Partial<EdgeRoute>,
): EdgeRoute => ({
  ...{ app: 'web', ports: [], domains: [], requestTimeoutMs: 30_000, drainMs: 8000 },
  ...{ target: { kind: 'instances', instances }, healthPath: '/health', ...more },
});
