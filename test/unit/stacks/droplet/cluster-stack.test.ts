// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's templates
import { describe, expect, test } from 'vitest';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { someApp } from '../../../support/some-app.js';
import { addresses, only, waitsFor } from '../../../support/stack-resources.js';
import {
  BOOT,
  someDroplet,
  synthesizeDroplet,
} from '../../../support/synthesized-droplet-stack.js';
import { PLACES } from '../../../support/synthesized-stack.js';

const { stack, text } = synthesizeDroplet();
const droplet = only(stack, 'digitalocean_droplet', 'droplet');
const firewall = only(stack, 'digitalocean_firewall', 'firewall');

describe('DropletClusterStack', () => {
  test('defaults: these resources and no other; their names are interface', () => {
    expect(addresses(stack)).toEqual([
      'digitalocean_droplet.droplet',
      'digitalocean_firewall.firewall',
      'digitalocean_ssh_key.login',
      'digitalocean_tag.tag',
      'digitalocean_volume.data',
      'digitalocean_volume_attachment.data',
      'terraform_data.ground',
      'terraform_data.install',
      'terraform_data.order',
      'terraform_data.register',
      'terraform_data.release',
      'terraform_data.remains',
      'terraform_data.sweep',
    ]);
    expect(stack.output).toEqual({
      endpoint: { value: 'http://${digitalocean_droplet.droplet.ipv4_address}:4466' },
      host: { value: '${digitalocean_droplet.droplet.ipv4_address}' },
    });
  });

  test('defaults: the provider of these releases; token and address from the environment', () => {
    expect(stack.terraform.required_providers).toEqual({
      digitalocean: { source: 'digitalocean/digitalocean', version: '>= 2.71.0, < 3.0.0' },
    });
    expect(stack).toMatchObject({ provider: { digitalocean: [{}] } });
    expect(text).not.toMatch(/token|api_endpoint/);
  });

  test('defaults: state in the state directory of the project', () => {
    expect(stack.terraform.backend).toEqual({
      local: { path: '/project/.clusterkit/state/one.tfstate' },
    });
  });

  test('defaults: the droplet; what matters at the first boot only never replaces it', () => {
    expect(droplet).toEqual({
      name: 'clusterkit-one-droplet',
      region: 'fra1',
      size: 's-1vcpu-2gb',
      image: 'ubuntu-24-04-x64',
      ssh_keys: ['${digitalocean_ssh_key.login.id}'],
      user_data:
        '${fileexists("/project/.clusterkit/keys/one/user-data.yaml") ? file("/project/.clusterkit/keys/one/user-data.yaml") : null}',
      tags: ['clusterkit', '${digitalocean_tag.tag.name}'],
      backups: false,
      monitoring: false,
      resize_disk: false,
      lifecycle: { ignore_changes: ['user_data', 'ssh_keys', 'image'] },
      depends_on: ['digitalocean_firewall.firewall', 'terraform_data.order'],
    });
  });

  test('defaults: nobody comes in but the operator, on two ports; everything goes out', () => {
    expect(firewall).toEqual({
      name: 'clusterkit-one-firewall',
      tags: ['${digitalocean_tag.tag.name}'],
      inbound_rule: [
        { protocol: 'tcp', port_range: '22', source_addresses: ['203.0.113.7'] },
        { protocol: 'tcp', port_range: '4466', source_addresses: ['203.0.113.7'] },
      ],
      outbound_rule: [
        { protocol: 'tcp', port_range: 'all', destination_addresses: ['0.0.0.0/0', '::/0'] },
        { protocol: 'udp', port_range: 'all', destination_addresses: ['0.0.0.0/0', '::/0'] },
        { protocol: 'icmp', destination_addresses: ['0.0.0.0/0', '::/0'] },
      ],
      depends_on: ['terraform_data.remains'],
    });
  });

  test('defaults: the firewall is there before the droplet, and waits for its tag', () => {
    expect(waitsFor(stack, 'digitalocean_droplet.droplet', 'digitalocean_firewall.firewall')).toBe(
      true,
    );
    expect(only(stack, 'digitalocean_tag', 'tag').name).toBe('clusterkit:one');
  });

  test('defaults: the login key, and 10 GB for the data', () => {
    expect(only(stack, 'digitalocean_ssh_key', 'login')).toMatchObject({
      name: 'clusterkit-one-login',
      public_key: 'ssh-ed25519 AAAAC3Nza',
    });
    expect(only(stack, 'digitalocean_volume', 'data')).toMatchObject({
      name: 'clusterkit-one-data',
      region: 'fra1',
      size: 10,
      initial_filesystem_type: 'ext4',
      tags: ['clusterkit', '${digitalocean_tag.tag.name}'],
    });
    expect(only(stack, 'digitalocean_volume_attachment', 'data')).toEqual({
      droplet_id: '${digitalocean_droplet.droplet.id}',
      volume_id: '${digitalocean_volume.data.id}',
      depends_on: ['terraform_data.order'],
    });
  });

  test('stages come in order: ground, sweep, key, remains, firewall, droplet, volume, install, register', () => {
    const order = [
      'terraform_data.ground',
      'terraform_data.sweep',
      'digitalocean_ssh_key.login',
      'terraform_data.remains',
      'digitalocean_firewall.firewall',
      'digitalocean_droplet.droplet',
      'digitalocean_volume_attachment.data',
      'terraform_data.install',
      'terraform_data.register',
    ];
    for (let i = 1; i < order.length; i += 1) {
      const [before, after] = [order[i - 1] ?? '', order[i] ?? ''];
      expect([before, after, waitsFor(stack, after, before)]).toEqual([before, after, true]);
      expect([before, after, waitsFor(stack, before, after)]).toEqual([before, after, false]);
    }
    const costly = addresses(stack).filter((address) => address.startsWith('digitalocean_'));
    for (const address of costly) {
      const first = /ssh_key|tag/.test(address) ? 'sweep' : 'remains';
      const waits = waitsFor(stack, address, `terraform_data.${first}`);
      expect([address, waits]).toEqual([address, true]);
    }
  });

  test('stages call the kit with their name, and their input only', () => {
    const stages = Object.entries(stack.resource.terraform_data ?? {});
    const calls = stages.map(([name, { provisioner = [] }]) => [
      name,
      provisioner.map((each) => [
        each['local-exec']?.interpreter,
        each['local-exec']?.when ?? 'create',
        each['local-exec']?.command,
      ]),
    ]);
    const call = (name: string, when = 'create') => [
      ['/usr/bin/node', '/kit/run-stage.js', name, '/project/.clusterkit'],
      when,
      '${jsonencode(self.input)}',
    ];
    expect(Object.fromEntries(calls)).toEqual({
      ground: [call('forget-droplet', 'destroy')],
      order: [],
      sweep: [call('sweep-droplet')],
      remains: [call('forget-droplet', 'destroy')],
      install: [call('install')],
      register: [call('register')],
      release: [call('release', 'destroy')],
    });
    for (const name of ['ground', 'remains']) {
      expect(only(stack, 'terraform_data', name)).not.toHaveProperty('triggers_replace');
    }
  });

  test('a stage receives the address by reference, and runs again on another droplet', () => {
    const install = only(stack, 'terraform_data', 'install');
    const input = {
      cluster: 'one',
      project: '/project/.clusterkit',
      keyDirectory: '/project/.clusterkit/keys/one',
      droplet: '${digitalocean_droplet.droplet.id}',
      host: '${digitalocean_droplet.droplet.ipv4_address}',
      port: 4466,
      connector: 'postgres',
      auth: 'rsa',
      version: '1.8',
      serverImage: 'prismagraphql/prisma:1.8',
      serverTransport: 'pull',
      databaseImage: 'postgres:10',
      databaseTransport: 'pull',
      startedImage: '',
      volume: 'clusterkit-one-data',
    };
    expect(install.input).toEqual(input);
    expect(Object.values(install.triggers_replace ?? {})).toEqual([
      input,
      'first',
      '${digitalocean_droplet.droplet.id}',
      's-1vcpu-2gb',
      '${digitalocean_volume.data.id}',
      '10 GB',
    ]);
    const register = only(stack, 'terraform_data', 'register');
    expect(register.input).toMatchObject({
      endpoint: 'http://${digitalocean_droplet.droplet.ipv4_address}:4466',
    });
    expect(Object.values(register.triggers_replace ?? {}).slice(1)).toEqual([
      'first',
      '${digitalocean_droplet.droplet.id}',
      '${terraform_data.install.id}',
    ]);
  });

  test('custom: sources that are written take the place of the operator, sorted, once each', () => {
    const custom = synthesizeDroplet({
      settings: someDroplet({
        port: 80,
        ssh: { sources: ['198.51.100.0/24', '192.0.2.1', '198.51.100.0/24'] },
        management: { sources: ['0.0.0.0/0', '::/0'] },
      }),
    }).stack;
    expect(only(custom, 'digitalocean_firewall', 'firewall').inbound_rule).toEqual([
      { protocol: 'tcp', port_range: '22', source_addresses: ['192.0.2.1', '198.51.100.0/24'] },
      { protocol: 'tcp', port_range: '80', source_addresses: ['0.0.0.0/0', '::/0'] },
    ]);
  });

  test('custom: published ports and names of applications, from their sources or from everywhere', () => {
    const custom = synthesizeDroplet({
      settings: someDroplet({
        port: 443,
        gateway: { image: 'g' },
        tls: { kind: 'acme', domain: 'api.example.com', proxyImage: 'p' },
        apps: [
          someApp('admin', { published: 8080, sources: ['198.51.100.0/24', '192.0.2.1'] }),
          someApp('site', { domains: ['site.example.com'], sources: ['192.0.2.9'] }),
          someApp('web', { published: 8081 }),
          someApp('worker'),
        ],
      }),
    }).stack;
    const everywhere = ['0.0.0.0/0', '::/0'];
    expect(only(custom, 'digitalocean_firewall', 'firewall').inbound_rule).toEqual([
      { protocol: 'tcp', port_range: '22', source_addresses: ['203.0.113.7'] },
      { protocol: 'tcp', port_range: '443', source_addresses: ['192.0.2.9', '203.0.113.7'] },
      { protocol: 'tcp', port_range: '80', source_addresses: everywhere },
      { protocol: 'tcp', port_range: '8080', source_addresses: ['192.0.2.1', '198.51.100.0/24'] },
      { protocol: 'tcp', port_range: '8081', source_addresses: everywhere },
    ]);
  });

  test('custom: everything that a droplet can have', () => {
    const custom = synthesizeDroplet({
      settings: someDroplet({
        name: 'two',
        region: 'nyc3',
        size: 'c-2',
        image: '123456789',
        tags: ['team:blue'],
        backups: true,
        monitoring: true,
        vpc: '5a4981aa-9653-4bd1-bef5-d6bff52042e4',
        reservedIp: true,
        project: 'Our project',
        volume: { sizeGb: 250 },
      }),
    }).stack;
    expect(only(custom, 'digitalocean_droplet', 'droplet')).toMatchObject({
      name: 'clusterkit-two-droplet',
      region: 'nyc3',
      size: 'c-2',
      image: '123456789',
      tags: ['clusterkit', '${digitalocean_tag.tag.name}', 'team:blue'],
      backups: true,
      backup_policy: { plan: 'weekly', weekday: 'SUN', hour: 4 },
      monitoring: true,
      vpc_uuid: '5a4981aa-9653-4bd1-bef5-d6bff52042e4',
    });
    expect(only(custom, 'digitalocean_volume', 'data')).toMatchObject({
      ...{ region: 'nyc3', size: 250 },
      tags: ['clusterkit', '${digitalocean_tag.tag.name}', 'team:blue'],
    });
    expect(only(custom, 'digitalocean_reserved_ip', 'address')).toMatchObject({ region: 'nyc3' });
    expect(only(custom, 'digitalocean_reserved_ip_assignment', 'address')).toEqual({
      ip_address: '${digitalocean_reserved_ip.address.ip_address}',
      droplet_id: '${digitalocean_droplet.droplet.id}',
      depends_on: ['terraform_data.order', 'digitalocean_volume_attachment.data'],
    });
    expect(only(custom, 'digitalocean_project', 'project')).toMatchObject({
      name: 'Our project',
      description: 'Prisma 1 cluster two, made by clusterkit',
      purpose: 'Service or API',
    });
    expect(only(custom, 'digitalocean_project_resources', 'project')).toEqual({
      project: '${digitalocean_project.project.id}',
      resources: ['${digitalocean_droplet.droplet.urn}'],
    });
    // The reserved address is where its droplet is.
    expect(only(custom, 'digitalocean_project_resources', 'project-data')).toMatchObject({
      project: '${digitalocean_project.project.id}',
      resources: ['${digitalocean_volume.data.urn}'],
    });
    expect(addresses(custom)).not.toContain('digitalocean_project_resources.project-address');
    // The project goes first: it cannot while something in it is being removed.
    for (const part of ['droplet.droplet', 'volume.data', 'reserved_ip.address']) {
      const waits = waitsFor(custom, 'digitalocean_project.project', `digitalocean_${part}`);
      expect([part, waits]).toEqual([part, true]);
    }
    const endpoint = 'http://${digitalocean_reserved_ip.address.ip_address}:4466';
    expect(custom.output.endpoint).toEqual({ value: endpoint });
    expect(only(custom, 'terraform_data', 'register').input).toMatchObject({ endpoint });
    expect(only(custom, 'terraform_data', 'install').input).toMatchObject({
      host: '${digitalocean_droplet.droplet.ipv4_address}',
    });
    const assignment = 'digitalocean_reserved_ip_assignment.address';
    expect(waitsFor(custom, 'terraform_data.install', assignment)).toBe(true);
  });

  test('whatever acts on the droplet has one order, with and without volume and address', () => {
    const acting = [
      'digitalocean_volume.data',
      'digitalocean_droplet.droplet',
      'digitalocean_volume_attachment.data',
      'digitalocean_reserved_ip_assignment.address',
    ];
    for (const volume of [{ sizeGb: 10 }, false] as const) {
      for (const reservedIp of [true, false]) {
        const custom = synthesizeDroplet({ settings: someDroplet({ volume, reservedIp }) }).stack;
        const there = acting.filter((address) => addresses(custom).includes(address));
        expect(there).toHaveLength(1 + (volume ? 2 : 0) + (reservedIp ? 1 : 0));
        for (const [index, before] of there.entries()) {
          for (const after of there.slice(index + 1)) {
            expect([before, after, waitsFor(custom, after, before)]).toEqual([before, after, true]);
          }
        }
      }
    }
  });

  test('what is taken from the droplet is gone before anything else acts on it', () => {
    const { stack } = synthesizeDroplet({ settings: someDroplet({ reservedIp: true }) });
    const order = only(stack, 'terraform_data', 'order');
    expect(order).toMatchObject({
      input: { volume: true, address: true },
      depends_on: ['digitalocean_volume.data', 'digitalocean_reserved_ip.address'],
    });
    for (const acting of [
      'digitalocean_droplet.droplet',
      'digitalocean_volume_attachment.data',
      'digitalocean_reserved_ip_assignment.address',
    ]) {
      expect([acting, waitsFor(stack, acting, 'terraform_data.order')]).toEqual([acting, true]);
    }
    const address = 'digitalocean_reserved_ip.address';
    expect(waitsFor(stack, 'digitalocean_volume.data', address)).toBe(true);
    const neither = someDroplet({ volume: false });
    const without = synthesizeDroplet({ settings: neither }).stack;
    expect(only(without, 'terraform_data', 'order').input).toEqual({
      volume: false,
      address: false,
    });
  });

  test('the entry goes with the droplet only, and before it', () => {
    const release = only(stack, 'terraform_data', 'release');
    expect(Object.values(release.triggers_replace ?? {})).toEqual([
      '${digitalocean_droplet.droplet.id}',
    ]);
    expect(release.depends_on).toEqual(['terraform_data.register']);
  });

  test('custom: no volume, the data on the droplet', () => {
    const custom = synthesizeDroplet({ settings: someDroplet({ volume: false }) }).stack;
    expect(addresses(custom).filter((address) => address.includes('volume'))).toEqual([]);
    expect(only(custom, 'terraform_data', 'install').input).toMatchObject({ volume: '' });
  });

  test.each(['ssh', 'management'] as const)(
    'fails when nobody says who may come in by %s',
    async (key) => {
      const { operator: _, ...boot } = BOOT;
      const written = { sources: ['203.0.113.7'] };
      const other = key === 'ssh' ? { management: written } : { ssh: written };
      const error = await kitErrorOf(() =>
        synthesizeDroplet({ boot, settings: someDroplet(other) }),
      );
      expect(error).toMatchObject({ code: 'sources-unknown', exitCode: 2 });
      expect(error.problems[0]?.path).toBe(`clusters.one.${key}.sources`);
    },
  );

  test('a new attempt runs every stage again, and touches nothing that costs', () => {
    const places = { ...PLACES, attempt: 'second' };
    expect(synthesizeDroplet({ places }).text).toBe(text.replaceAll('"first"', '"second"'));
    expect(JSON.stringify(droplet)).not.toContain('first');
  });

  test('custom: a refusal stops the plan with its reason', () => {
    const refusal = 'no ${token} is set';
    const sweep = only(synthesizeDroplet({ refusal }).stack, 'terraform_data', 'sweep');
    expect(sweep.lifecycle).toEqual({
      precondition: [{ condition: '${path.module == ""}', error_message: 'no $${token} is set' }],
    });
    expect(only(stack, 'terraform_data', 'sweep').lifecycle).toBeUndefined();
  });

  test('the token reaches the stages on the account only', () => {
    const tokenless = (name: string) => {
      const commands = JSON.stringify(only(stack, 'terraform_data', name).provisioner);
      return ['DIGITALOCEAN_TOKEN', 'DIGITALOCEAN_ACCESS_TOKEN'].every((variable) =>
        commands.includes(`"${variable}":""`),
      );
    };
    expect(['ground', 'sweep', 'install', 'register'].map(tokenless)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  test('is the same text every time', () => {
    expect(synthesizeDroplet().text).toBe(text);
  });

  test('names no secret: only where user data is', () => {
    expect(text).not.toMatch(/BEGIN|password|PRIVATE/i);
  });
});
