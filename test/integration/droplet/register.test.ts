import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ensureSecrets } from '../../../cluster/keys/key-store.js';
import { ensureImages } from '../../../targets/common/install/ensure-images.js';
import { register } from '../../../targets/common/register.js';
import { engineOf, engines } from '../../../targets/droplet/engines.js';
import { contactDroplet } from '../../../targets/droplet/machine/contact.js';
import { BootedDroplets } from '../../support/digitalocean/booted-droplet.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { IMAGES } from '../../support/test-cluster.js';

let all: BootedDroplets;

beforeAll(async () => {
  all = await BootedDroplets.open();
}, 600_000);
afterAll(() => all?.dispose());

it('tells what a droplet’s engine knows of a server that keeps stopping, and hangs up', async () => {
  const one = await all.boot();
  const cluster = `ck-test-${randomBytes(4).toString('hex')}`;
  const { databasePassword } = await ensureSecrets(one.keyDirectory, 'rsa');
  const input = {
    cluster,
    target: 'digitalocean' as const,
    keyDirectory: one.keyDirectory,
    auth: 'rsa' as const,
    version: '1.8',
    endpoint: `http://${one.host}:4466`,
    registry: join(one.keyDirectory, '..', 'config.yml'),
  };
  const { signal } = new AbortController();
  const context = { signal, machines: () => engines(one, signal) };
  const { connection } = await contactDroplet(one);
  const engine = await engineOf(connection);
  const wish = { reference: IMAGES.server, transport: 'push' } as const;
  const [image] = (await ensureImages(engine, [wish], one.host, process.env)).images;

  const gone = await kitErrorOf(() => register(input, context));
  expect([gone.code, gone.exitCode]).toEqual(['server-not-ready', 3]);
  expect(gone.message).toContain('the container is gone');

  const container = await engine.createContainer({
    name: `clusterkit-${cluster}-server`,
    Image: image?.id ?? '',
    Entrypoint: ['sh', '-c', `echo the password is ${databasePassword.reveal()}; exit 7`],
    HostConfig: { RestartPolicy: { Name: 'always' } },
  });
  await container.start();
  const stops = await kitErrorOf(() => register(input, context));
  expect(stops.code).toBe('server-not-ready');
  expect(stops.message).toContain('the container keeps stopping');
  expect(stops.message).toContain('the password is [secret]');
  expect(stops.message).not.toContain(databasePassword.reveal());
  connection.close();

  const { machine } = all.droplets.droplet(one.id);
  await vi.waitFor(
    async () => {
      const sessions = await machine.run('sh', '-c', 'pgrep -fc "^sshd: root" || true');
      expect(sessions.trim()).toBe('0');
    },
    { timeout: 20_000, interval: 500 },
  );
  await all.droplets.destroy(one.id);
});
