import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { newPinnedCertificate } from '../../../cluster/configuration/pinned-certificate.js';
import { type RealCli, realCli } from '../../support/real-cli.js';
import { USERS_AND_POSTS, writeService } from '../../support/service.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type GatewayBeforeC, startGatewayBeforeC } from '../gateway/gateway-before-c.js';
import { privateKey, type TestGateway } from '../gateway/test-gateway.js';

let parts: GatewayBeforeC;
let gateway: TestGateway;
let front: Server;
let certificate: string;
let host: string;

beforeAll(async () => {
  parts = await startGatewayBeforeC();
  gateway = parts.gateway;
  const own = await newPinnedCertificate({ cluster: 'a', host: '127.0.0.1', now: new Date() });
  certificate = own.certificate;
  front = createServer({ cert: own.certificate, key: own.key.reveal() }, (socket) => {
    const inner = connect(gateway.port, '127.0.0.1');
    for (const each of [socket, inner]) each.on('error', () => socket.destroy());
    socket.pipe(inner).pipe(socket);
  });
  front.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  host = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
});
afterAll(async () => {
  front?.close();
  await parts?.stop();
});

const types = USERS_AND_POSTS.replaceAll('ID! @unique', 'ID! @id');

async function service(cli: RealCli) {
  const [home, cwd] = [await temporaryDirectory(), await temporaryDirectory()];
  const file = join(home, 'certificate.pem');
  await writeFile(file, certificate);
  await mkdir(join(home, '.prisma'));
  const entry = { host, clusterSecret: privateKey };
  await writeFile(join(home, '.prisma/config.yml'), stringify({ clusters: { pinned: entry } }));
  await writeService(cwd, { cluster: 'pinned', types });
  const stage = `s${cli.replace(/\W/g, '')}`;
  const knowsEntries = !cli.includes('1.34');
  const lines = knowsEntries
    ? ['service: blog', `stage: ${stage}`, 'cluster: pinned']
    : [`endpoint: ${host}/blog/${stage}`];
  await writeFile(join(cwd, 'prisma.yml'), [...lines, 'datamodel: datamodel.graphql\n'].join('\n'));
  const secret = knowsEntries ? {} : { PRISMA_MANAGEMENT_API_SECRET: 'server-secret' };
  const deploy = async (env: NodeJS.ProcessEnv = {}) => {
    const run = await realCli(cli, ['deploy'], { cwd, home, env: { ...secret, ...env } });
    return { exitCode: run.exitCode, all: run.all };
  };
  return { deploy, file };
}

test.each<RealCli>(['1.6.3', '1.8.3', '1.34.10', 'prisma1@1.34.12'])(
  'CLI %s deploys over https with a pinned certificate that it is told of',
  async (cli) => {
    const { deploy, file } = await service(cli);
    expect((await deploy()).all).not.toMatch(/Created type|Post/);
    const told = await deploy({ NODE_EXTRA_CA_CERTS: file });
    expect(told).toMatchObject({
      exitCode: 0,
      all: expect.stringMatching(/Created type|Post/),
    });
  },
);
