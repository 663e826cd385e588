import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitSsh } from '../../../clients/ssh/await-ssh.js';
import {
  type HostKeyTrust,
  type PinnedShell,
  rotateHostKeys,
} from '../../../clients/ssh/rotate-host-keys.js';
import { KitError } from '../../../lib/errors.js';
import { openDroplet } from '../../../targets/droplet/engines.js';
import { readKnownHosts, writeKnownHosts } from '../../../targets/droplet/keys/known-hosts.js';
import { ensureSshKeys } from '../../../targets/droplet/keys/ssh-keys.js';
import { contactDroplet } from '../../../targets/droplet/machine/contact.js';
import { type BootedDroplet, BootedDroplets } from '../../support/digitalocean/booted-droplet.js';
import { swapHostKey } from '../../support/digitalocean/droplets/live-faults.js';
import { kitErrorOf } from '../../support/kit-error-of.js';

let all: BootedDroplets;

beforeAll(async () => {
  all = await BootedDroplets.open();
}, 600_000);
afterAll(() => all?.dispose());

/** Whether a machine answers to one of these keys right now. */
async function shows({ host, keys }: BootedDroplet, hostKeys: readonly string[]): Promise<string> {
  const connection = await awaitSsh(
    { host, privateKey: keys.login.privateKey, hostKeys },
    { successes: 1, pauseMs: 100 },
  );
  connection.close();
  return connection.hostKey;
}

describe('the first contact', () => {
  it('leaves a key of the droplet’s own, on both sides, and no other is taken', async () => {
    const one = await all.boot();
    const bootstrap = one.keys.bootstrapHost.publicKey;
    const first = await contactDroplet(one);
    first.connection.close();
    expect(first.hostKey).toBe('switched');
    const known = await readKnownHosts(one.keyDirectory);
    expect(known).toEqual({
      host: one.host,
      droplet: one.droplet,
      keys: [first.connection.hostKey],
    });
    expect(first.connection.hostKey).not.toBe(bootstrap);
    expect(await readdir(one.keyDirectory)).toEqual([
      'known-hosts.json',
      'login-key',
      'login-key.pub',
    ]);
    expect(await kitErrorOf(() => shows(one, [bootstrap]))).toMatchObject({
      code: 'host-key-wrong',
    });
    const { machine } = all.droplets.droplet(one.id);
    expect(await machine.run('sh', '-c', 'ls /etc/ssh | grep -c clusterkit || true')).toBe('0');

    const second = await contactDroplet(one);
    second.connection.close();
    expect(second.hostKey).toBe('already so');
    expect(await readKnownHosts(one.keyDirectory)).toEqual(known);

    await all.droplets.powerCycle(one.id);
    expect(await shows(one, known?.keys ?? [])).toBe(known?.keys[0]);
    (await openDroplet(one.keyDirectory)).close();

    // A bootstrap key that was made for a droplet to come opens nothing of this one.
    await ensureSshKeys(one.keyDirectory);
    await swapHostKey(all.droplets.droplet(one.id));
    expect(await kitErrorOf(() => contactDroplet(one))).toMatchObject({ code: 'host-key-wrong' });
    expect(await kitErrorOf(() => openDroplet(one.keyDirectory))).toMatchObject({
      code: 'host-key-wrong',
    });
    await all.droplets.destroy(one.id);
  });

  it('is with the key of user data only, whatever is known of the droplet before it', async () => {
    const one = await all.boot();
    await writeKnownHosts(one.keyDirectory, {
      host: one.host,
      droplet: 'the one before',
      keys: [one.keys.login.publicKey],
    });
    const { connection, hostKey } = await contactDroplet(one);
    connection.close();
    expect(hostKey).toBe('switched');
    expect(await readKnownHosts(one.keyDirectory)).toMatchObject({
      droplet: one.droplet,
      keys: [connection.hostKey],
    });
    const other = { ...one, droplet: 'one that was never contacted' };
    expect(await kitErrorOf(() => contactDroplet(other))).toMatchObject({
      code: 'host-key-unknown',
    });
    await all.droplets.destroy(one.id);
  });

  it('does not happen with a stranger', async () => {
    const one = await all.boot({ faults: [{ kind: 'foreign-host-key' }] });
    expect(await kitErrorOf(() => contactDroplet(one))).toMatchObject({ code: 'host-key-wrong' });
    expect(await readKnownHosts(one.keyDirectory)).toBeUndefined();
    await all.droplets.destroy(one.id);
  });
});

class Cut extends Error {}

/** A rotation whose n-th effect is the last: cut right before it happens, or right after. */
class Rotation {
  trust: HostKeyTrust;
  bootstrapIsHere = true;
  effects: string[] = [];
  private left = Number.POSITIVE_INFINITY;
  private when: 'before' | 'after' = 'after';

  constructor(private readonly one: BootedDroplet) {
    this.trust = { keys: [], bootstrap: one.keys.bootstrapHost.publicKey };
  }

  /** Runs to its end; a machine that boots may cut connections on its own. */
  async finish(): Promise<void> {
    for (;;) {
      try {
        expect(await this.runUntil(Number.POSITIVE_INFINITY, 'after')).toBe(false);
        return;
      } catch (error) {
        if (!(error instanceof KitError) || error.code !== 'ssh-lost') throw error;
      }
    }
  }

  /** Runs until the cut; tells whether there was one. */
  async runUntil(left: number, when: 'before' | 'after'): Promise<boolean> {
    Object.assign(this, { left, when, effects: [] });
    try {
      (await this.run()).shell.close();
      return false;
    } catch (error) {
      if (error instanceof Cut) return true;
      throw error;
    }
  }

  private run() {
    const { host, keys } = this.one;
    return rotateHostKeys({
      trust: this.trust,
      connect: async (hostKeys) =>
        this.pinned(
          await awaitSsh(
            { host, privateKey: keys.login.privateKey, hostKeys },
            { successes: 1, pauseMs: 100 },
          ),
        ),
      record: (trust) =>
        this.effect('record', async () => {
          this.trust = trust;
        }),
      dropBootstrap: () =>
        this.effect('drop', async () => {
          this.bootstrapIsHere = false;
        }),
    });
  }

  private pinned(connection: Awaited<ReturnType<typeof awaitSsh>>): PinnedShell {
    return {
      address: connection.address,
      hostKey: connection.hostKey,
      close: () => connection.close(),
      run: (argv, options) =>
        this.effect('run', () => connection.run(argv, options)).catch((error) => {
          connection.close();
          throw error;
        }),
    };
  }

  private async effect<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.left -= 1;
    if (this.left < 0) throw new Cut();
    if (this.left === 0 && this.when === 'before') throw new Cut();
    this.effects.push(name);
    const result = await work();
    if (this.left === 0) throw new Cut();
    return result;
  }
}

describe('a switch that is cut', { timeout: 600_000 }, () => {
  it.each(['before', 'after'] as const)(
    '%s any of its effects goes on, and ends well',
    async (when) => {
      const one = await all.boot();
      const bootstrap = one.keys.bootstrapHost.publicKey;
      const { machine } = all.droplets.droplet(one.id);
      await shows(one, [bootstrap]);
      for (let left = 1; ; left += 1) {
        const rotation = new Rotation(one);
        const isCut = await rotation.runUntil(left, when);
        // Whatever the droplet shows after any power cut is known here.
        const trusted = [...rotation.trust.keys, rotation.trust.bootstrap].filter(
          (key) => key !== undefined,
        );
        if (left % 2 === 0) await all.droplets.powerCycle(one.id);
        expect(trusted).toContain(await shows(one, trusted));
        await rotation.finish();
        expect(rotation.trust).toEqual({
          keys: [await shows(one, rotation.trust.keys)],
          bootstrap: undefined,
        });
        expect(rotation.trust.keys).not.toContain(bootstrap);
        expect(rotation.bootstrapIsHere).toBe(false);
        if (!isCut) {
          expect(left).toBe(7);
          break;
        }
        await firstKeyAgain(one, machine);
      }
      await all.droplets.destroy(one.id);
    },
  );

  it('by the power of the droplet in the middle of a step', async () => {
    const one = await all.boot();
    const { machine } = all.droplets.droplet(one.id);
    for (const delayMs of [0, 100, 300]) {
      const contact = contactDroplet(one).then(
        ({ connection }) => connection.close(),
        () => undefined,
      );
      const until =
        'for _ in $(seq 600); do [ -e /etc/ssh/clusterkit-host-key ] && exit; sleep 0.05; done; exit 1';
      await machine.run('sh', '-c', until);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await machine.powerCycle();
      await contact;
      const { connection } = await contactDroplet(one);
      connection.close();
      const known = await readKnownHosts(one.keyDirectory);
      expect(known).toMatchObject({ keys: [connection.hostKey] });
      expect(known?.bootstrap).toBeUndefined();
      // The next round begins with a droplet as it was at first.
      const again = await ensureSshKeys(one.keyDirectory);
      await firstKeyAgain({ ...one, keys: again }, machine);
      await writeKnownHosts(one.keyDirectory, {
        host: one.host,
        droplet: 'none',
        keys: known?.keys ?? [],
      });
      Object.assign(one, { keys: again });
    }
    await all.droplets.destroy(one.id);
  });
});

/** Puts a droplet back to its first boot, as far as host keys go. */
async function firstKeyAgain(
  { keys }: BootedDroplet,
  machine: {
    put: (file: { path: string; text: string; mode: number }) => Promise<void>;
    order: (script: string) => Promise<void>;
  },
): Promise<void> {
  await machine.order('rm -f /etc/ssh/ssh_host_* /etc/ssh/clusterkit-host-key*');
  await machine.put({
    path: '/etc/ssh/ssh_host_ed25519_key',
    text: keys.bootstrapHost.privateKey.reveal(),
    mode: 0o600,
  });
  await machine.order('systemctl restart ssh');
}
