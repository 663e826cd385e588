import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../../lib/secret.js';
import { ON_DROPLET } from '../../../../../targets/droplet/machine/places.js';
import {
  type CloudInitProps,
  renderCloudInit,
} from '../../../../../targets/droplet/machine/render-cloud-init.js';

const TEMPLATE = readFileSync('templates/cloud-init.yaml', 'utf8');
const PROPS: CloudInitProps = {
  cluster: 'one',
  bootstrapHostKey: {
    privateKey: new Secret('-----BEGIN\nk: v #\n-----END\n'),
    publicKey: 'ssh-a',
  },
  loginPublicKey: 'ssh-ed25519 AAAA',
  marker: 'first',
};
interface File {
  readonly path: string;
  readonly permissions: string;
  readonly content: string;
}
interface CloudConfig {
  readonly [key: string]: unknown;
  readonly write_files: readonly File[];
}

/** Rendered, and read by a parser that is not the renderer's. */
function rendered(custom: Partial<CloudInitProps> = {}) {
  const text = renderCloudInit(TEMPLATE, { ...PROPS, ...custom }).reveal();
  const config = load(text) as CloudConfig;
  const file = (path: string) => {
    const found = config.write_files.find((each) => each.path === path);
    if (found === undefined) throw new Error(`no ${path}`);
    return found;
  };
  const environment = file('/etc/clusterkit/first-boot.env').content.trimEnd().split('\n');
  return { text, config, file, environment };
}

describe('renderCloudInit', () => {
  test('defaults: what cloud-init reads beside files', () => {
    const { write_files: _, ...config } = rendered().config;
    expect(config).toEqual({
      disable_root: false,
      ssh_pwauth: false,
      users: [{ name: 'root', lock_passwd: true }],
      ssh_deletekeys: true,
      runcmd: [['/usr/local/sbin/clusterkit-first-boot']],
      ssh_authorized_keys: ['ssh-ed25519 AAAA'],
      ssh_keys: { ed25519_private: '-----BEGIN\nk: v #\n-----END\n', ed25519_public: 'ssh-a' },
    });
  });

  test('defaults: files and their modes', () => {
    const modes = rendered().config.write_files.map(({ path, permissions }) => [path, permissions]);
    expect(modes).toEqual([
      ['/etc/ssh/sshd_config.d/00-clusterkit.conf', '0644'],
      ['/etc/apt/apt.conf.d/20auto-upgrades', '0644'],
      ['/etc/clusterkit/firewall.nft', '0644'],
      ['/etc/systemd/system/clusterkit-firewall.service', '0644'],
      ['/etc/clusterkit/daemon.json', '0644'],
      ['/usr/local/sbin/clusterkit-first-boot', '0755'],
      ['/etc/clusterkit/first-boot.env', '0644'],
    ]);
  });

  test('defaults: no swap; places as the install stage knows them', () => {
    expect(rendered().environment).toEqual([
      'CLUSTER=one',
      'MARKER=first',
      'SWAP_MB=0',
      `DONE_FILE=${ON_DROPLET.marker}`,
      `FAILED_FILE=${ON_DROPLET.failure}`,
      `LOG_FILE=${ON_DROPLET.log}`,
    ]);
  });

  test('custom: swap', () => {
    expect(rendered({ swapMb: 2048 }).environment).toContain('SWAP_MB=2048');
  });

  test('sshd offers the key that we know, and takes no passwords', () => {
    expect(
      rendered().file('/etc/ssh/sshd_config.d/00-clusterkit.conf').content.split('\n'),
    ).toEqual(
      expect.arrayContaining([
        `HostKey ${ON_DROPLET.hostKey}`,
        'PasswordAuthentication no',
        'KbdInteractiveAuthentication no',
        'PermitRootLogin prohibit-password',
      ]),
    );
  });

  test('the engine keeps logs small', () => {
    expect(JSON.parse(rendered().file('/etc/clusterkit/daemon.json').content)).toMatchObject({
      'log-opts': { 'max-size': '10m', 'max-file': '3' },
    });
  });

  test('the script is one that a POSIX shell can read', () => {
    const { content } = rendered().file('/usr/local/sbin/clusterkit-first-boot');
    expect(execFileSync('sh', ['-n'], { input: content, encoding: 'utf8' })).toBe('');
  });

  test('it prints as a secret, begins as cloud-init wants it, and is far below 64 KiB', () => {
    const { text } = rendered();
    expect(`${renderCloudInit(TEMPLATE, PROPS)}`).toBe('[secret]');
    expect(text.startsWith('#cloud-config\n')).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThan(8 * 1024);
  });

  test('any keys come out as they went in, and change nothing else', () => {
    const line = fc
      .string({ unit: 'grapheme' })
      .filter((text) => /^\S([^\r\n\p{C}]*\S)?$/u.test(text));
    const pem = fc.array(line).map((lines) => `${lines.join('\n')}\n`);
    const { ssh_keys: _, ssh_authorized_keys: __, ...rest } = rendered().config;
    fc.assert(
      fc.property(pem, line, line, (privateKey, publicKey, loginPublicKey) => {
        const bootstrapHostKey = { privateKey: new Secret(privateKey), publicKey };
        const { config } = rendered({ bootstrapHostKey, loginPublicKey });
        expect(config).toEqual({
          ...rest,
          ssh_keys: { ed25519_private: privateKey, ed25519_public: publicKey.trim() },
          ssh_authorized_keys: [loginPublicKey.trim()],
        });
      }),
    );
  });

  test('any marker comes out of a shell as it went in', () => {
    const marker = fc.stringMatching(/^[A-Za-z0-9_.:+/=-]{1,80}$/);
    fc.assert(
      fc.property(marker, (text) => {
        const { environment } = rendered({ marker: text });
        const script = `${environment.join('\n')}\nprintf %s "$MARKER"`;
        expect(execFileSync('sh', ['-eu'], { input: script, encoding: 'utf8' })).toBe(text);
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    ['a marker with a command in it', { marker: '$(reboot)' }],
    ['an empty marker', { marker: '' }],
    ['two login keys at once', { loginPublicKey: 'ssh-a\nssh-b' }],
    ['no login key', { loginPublicKey: ' ' }],
    ['a cluster that is no name', { cluster: 'a;b' }],
  ])('fails at %s', (_, custom) => {
    expect(() => rendered(custom)).toThrow();
  });

  test.each(['', '- a\n', 'write_files: []\n', '#cloud-config\nwrite_files: [\n'])(
    'fails at a template that is none: %j',
    (template) => {
      expect(() => renderCloudInit(template, PROPS)).toThrow();
    },
  );

  test('fails above what DigitalOcean takes', () => {
    const privateKey = new Secret('a'.repeat(65_000));
    const bootstrapHostKey = { ...PROPS.bootstrapHostKey, privateKey };
    expect(() => rendered({ bootstrapHostKey })).toThrow('64 KiB');
  });
});
