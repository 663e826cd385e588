import { z } from 'zod';
import { notFound, unprocessable } from '../api-error.js';
import { fingerprintOf } from '../identifiers.js';
import { page } from '../page.js';
import { bodyOf } from '../request-body.js';
import { noContent, type Route, route } from '../route.js';
import type { SshKey } from '../state.js';
import type { World } from '../world.js';

const PATH = '/v2/account/keys';

const named = z.object({ name: z.string().min(1, "Name can't be blank") });
const creation = named.extend({ public_key: z.string() });

const view = (key: SshKey) => ({
  id: key.id,
  fingerprint: key.fingerprint,
  public_key: key.publicKey,
  name: key.name,
});

/** The key of that id or fingerprint. */
export const findKey = (world: World, idOrFingerprint: string | number): SshKey | undefined =>
  [...world.state.keys.values()].find(
    ({ id, fingerprint }) =>
      String(id) === String(idOrFingerprint) || fingerprint === idOrFingerprint,
  );

/** Login keys. A fingerprint is once on an account. */
export function sshKeyRoutes(world: World): Route[] {
  const { keys } = world.state;
  const existing = (id = ''): SshKey => {
    const key = findKey(world, id);
    if (!key) throw notFound();
    return key;
  };
  return [
    route('GET', PATH, 'ssh_key:read', (call) =>
      page(call, PATH, 'ssh_keys', [...keys.values()], view),
    ),
    route('POST', PATH, 'ssh_key:create', ({ body }) => {
      const { name, public_key: publicKey } = bodyOf(creation, body);
      const fingerprint = fingerprintOf(publicKey);
      if (!fingerprint) {
        throw unprocessable(
          'Fingerprint could not be generated, please make sure your key is valid',
        );
      }
      if (findKey(world, fingerprint)) {
        throw unprocessable('SSH Key is already in use on your account');
      }
      const key: SshKey = { id: world.ids.key(), fingerprint, publicKey, name };
      keys.set(key.id, key);
      return { status: 201, body: { ssh_key: view(key) } };
    }),
    route('GET', `${PATH}/:id`, 'ssh_key:read', ({ params: { id } }) => ({
      status: 200,
      body: { ssh_key: view(existing(id)) },
    })),
    route('PUT', `${PATH}/:id`, 'ssh_key:update', ({ params: { id }, body }) => {
      const key = existing(id);
      key.name = bodyOf(named, body).name;
      return { status: 200, body: { ssh_key: view(key) } };
    }),
    route('DELETE', `${PATH}/:id`, 'ssh_key:delete', ({ params: { id } }) => {
      keys.delete(existing(id).id);
      return noContent;
    }),
  ];
}
