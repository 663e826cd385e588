import { describe, expect, test } from 'vitest';
import { only, waitsFor } from '../../../support/stack-resources.js';
import {
  PLACES,
  type Resource,
  someSettings,
  stackProps,
  synthesizeStack,
} from '../../../support/synthesized-stack.js';

const labelsOf = (resource: Resource) =>
  Object.fromEntries(
    (resource.labels as { label: string; value: string }[]).map(({ label, value }) => [
      label,
      value,
    ]),
  );

describe('DockerClusterStack', () => {
  const { stack, text } = synthesizeStack();
  const server = only(stack, 'docker_container', 'server');
  const database = only(stack, 'docker_container', 'database');

  test('defaults: these resources and no other; their names are interface', () => {
    const names = Object.entries(stack.resource).flatMap(([type, byName]) =>
      Object.keys(byName).map((name) => `${type}.${name}`),
    );
    expect(names.sort()).toEqual([
      'docker_container.database',
      'docker_container.server',
      'docker_image.database-image',
      'docker_image.server-image',
      'docker_network.network',
      'docker_volume.config',
      'docker_volume.data',
      'terraform_data.await-database',
      'terraform_data.configure',
      'terraform_data.ground',
      'terraform_data.register',
      'terraform_data.release',
      'terraform_data.sweep',
    ]);
    expect(stack.output).toEqual({ endpoint: { value: 'http://127.0.0.1:4466' } });
  });

  test('defaults: the provider that the bindings ask for, and newer ones', () => {
    expect(stack.terraform.required_providers).toEqual({
      docker: { source: 'kreuzwerker/docker', version: '>= 3.6.2, < 5.0.0' },
    });
  });

  test('defaults: state in the state directory of the project', () => {
    expect(stack.terraform.backend).toEqual({
      local: { path: '/project/.clusterkit/state/one.tfstate' },
    });
  });

  test('defaults: names in the engine', () => {
    expect(server.name).toBe('clusterkit-one-server');
    expect(database.name).toBe('clusterkit-one-database');
    expect(only(stack, 'docker_network', 'network').name).toBe('clusterkit-one-network');
    expect(only(stack, 'docker_volume', 'data').name).toBe('clusterkit-one-data');
    expect(only(stack, 'docker_volume', 'config').name).toBe('clusterkit-one-config');
  });

  test.each([
    ['docker_network', 'network', 'network'],
    ['docker_volume', 'data', 'data'],
    ['docker_volume', 'config', 'config'],
    ['docker_container', 'database', 'database'],
    ['docker_container', 'server', 'server'],
  ])('defaults: labels of %s.%s', (type, name, role) => {
    expect(labelsOf(only(stack, type, name))).toMatchObject({
      'dev.clusterkit.cluster': 'one',
      'dev.clusterkit.project': '/project/.clusterkit',
      'dev.clusterkit.role': role,
    });
  });

  test.each([['server', server] as const, ['database', database] as const])(
    'defaults: the %s starts by init, restarts, has bounded memory and logs',
    (_, container) => {
      expect(container).toMatchObject({
        init: true,
        restart: 'unless-stopped',
        must_run: true,
        log_driver: 'json-file',
        log_opts: { 'max-size': '10m', 'max-file': '3' },
      });
    },
  );

  test('defaults: memory in MB; swap is written out, since an empty plan depends on it', () => {
    expect([server.memory, database.memory]).toEqual([1024, 512]);
    expect([server.memory_swap, database.memory_swap]).toEqual([2048, 1024]);
    expect(server.lifecycle).toEqual({ ignore_changes: ['memory_swap'] });
  });

  test('defaults: images by id, so that the second plan is empty; kept at destroy', () => {
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Terraform's templates
    expect(server.image).toBe('${docker_image.server-image.image_id}');
    expect(database.image).toBe('${docker_image.database-image.image_id}');
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Terraform's templates
    expect(only(stack, 'docker_image', 'server-image')).toMatchObject({
      name: 'prismagraphql/prisma:1.8',
      keep_locally: true,
    });
    expect(only(stack, 'docker_image', 'database-image')).toMatchObject({
      name: 'postgres:10',
      keep_locally: true,
    });
  });

  test('defaults: the server is published on loopback only, the database not at all', () => {
    expect(server.ports).toEqual([{ internal: 4466, external: 4466, ip: '127.0.0.1' }]);
    expect(database).not.toHaveProperty('ports');
    expect(text).not.toMatch(/network_mode|publish_all_ports|privileged/);
  });

  test('defaults: files, not environment, carry configuration and password', () => {
    expect(server.env).toEqual([
      'JAVA_OPTS=-Xmx704m -XX:MaxMetaspaceSize=160m -XX:MaxDirectMemorySize=64m -XX:ReservedCodeCacheSize=64m',
      'PRISMA_CONFIG_PATH=/run/clusterkit/prisma.yml',
    ]);
    expect(database.env).toEqual([
      'POSTGRES_USER=prisma',
      'POSTGRES_DB=prisma',
      'POSTGRES_PASSWORD_FILE=/run/clusterkit/database-password',
    ]);
    for (const container of [server, database]) {
      expect(container.mounts).toContainEqual({
        type: 'volume',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's template
        source: '${docker_volume.config.name}',
        target: '/run/clusterkit',
        read_only: true,
      });
      expect(container).not.toHaveProperty('upload');
    }
  });

  test('defaults: data is in a volume of its own', () => {
    expect(database.mounts).toContainEqual({
      type: 'volume',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's template
      source: '${docker_volume.data.name}',
      target: '/var/lib/postgresql/data',
    });
    expect(JSON.stringify(server.mounts)).not.toContain('docker_volume.data');
  });

  test('the data volume says who can read it, and no label ever replaces it', () => {
    const data = only(stack, 'docker_volume', 'data');
    expect(labelsOf(data)).toMatchObject({ 'dev.clusterkit.layout': 'postgres' });
    expect(data.lifecycle).toEqual({ ignore_changes: ['labels'] });
  });

  test('defaults: health of the database is a real query', () => {
    expect(database.healthcheck).toMatchObject({
      test: [
        'CMD-SHELL',
        expect.stringContaining("psql -h database -U prisma -d prisma -qtAc 'select 1'"),
      ],
      // As the engine reports it: `60s` would make every plan a change.
      start_period: '1m0s',
    });
  });

  test('what forgets everything at destroy time is never replaced', () => {
    expect(only(stack, 'terraform_data', 'ground')).not.toHaveProperty('triggers_replace');
  });

  test('stages come in order: ground, sweep, configure, database, await, server, register', () => {
    const order = [
      'terraform_data.ground',
      'terraform_data.sweep',
      'docker_volume.config',
      'terraform_data.configure',
      'docker_container.database',
      'terraform_data.await-database',
      'docker_container.server',
      'terraform_data.register',
      'terraform_data.release',
    ];
    for (let i = 1; i < order.length; i += 1) {
      const [before, after] = [order[i - 1] ?? '', order[i] ?? ''];
      expect([before, after, waitsFor(stack, after, before)]).toEqual([before, after, true]);
      expect([before, after, waitsFor(stack, before, after)]).toEqual([before, after, false]);
    }
    for (const address of ['docker_network.network', 'docker_volume.data']) {
      expect(waitsFor(stack, address, 'terraform_data.sweep')).toBe(true);
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
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's template
      '${jsonencode(self.input)}',
    ];
    expect(Object.fromEntries(calls)).toEqual({
      ground: [call('forget', 'destroy')],
      sweep: [call('sweep')],
      configure: [call('configure')],
      'await-database': [call('await-database')],
      register: [call('register')],
      release: [call('release', 'destroy')],
    });
  });

  test('a stage receives what it uses, and runs again when that changes', () => {
    const register = only(stack, 'terraform_data', 'register');
    const input = {
      cluster: 'one',
      target: 'docker',
      keyDirectory: '/project/.clusterkit/keys/one',
      auth: 'rsa',
      version: '1.8',
      endpoint: 'http://127.0.0.1:4466',
      registry: '/home/user/.prisma/config.yml',
    };
    expect(register.input).toEqual(input);
    expect(Object.values(register.triggers_replace ?? {})).toEqual([
      input,
      'first',
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Terraform's templates
      '${docker_container.server.id}',
      '${docker_container.database.id}',
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Terraform's templates
    ]);
  });

  test('custom: port, images, name, memory', () => {
    const custom = synthesizeStack({
      settings: someSettings({
        name: 'two',
        port: 5000,
        server: { image: 'own/server:1', version: '1.14', auth: 'rsa' },
        database: { connector: 'postgres', image: 'own/database:2' },
      }),
      memory: { server: 2048 },
    }).stack;
    const container = only(custom, 'docker_container', 'server');
    expect(container).toMatchObject({
      name: 'clusterkit-two-server',
      memory: 2048,
      env: [
        'JAVA_OPTS=-Xmx1536m -XX:MaxMetaspaceSize=160m -XX:MaxDirectMemorySize=64m -XX:ReservedCodeCacheSize=64m',
        'PRISMA_CONFIG_PATH=/run/clusterkit/prisma.yml',
      ],
      ports: [{ internal: 4466, external: 5000, ip: '127.0.0.1' }],
    });
    expect(only(custom, 'docker_container', 'database').memory).toBe(512);
    expect(only(custom, 'docker_image', 'server-image').name).toBe('own/server:1');
    expect(only(custom, 'terraform_data', 'configure').input).toMatchObject({
      databaseImage: 'own/database:2',
      version: '1.14',
    });
    expect(custom.output).toEqual({ endpoint: { value: 'http://127.0.0.1:5000' } });
  });

  test('a new attempt runs every stage again, since one that was killed may stand as done', () => {
    const places = { ...PLACES, attempt: 'second' };
    const expected = text.replaceAll('"first"', '"second"').replaceAll('-first"', '-second"');
    expect(synthesizeStack({ places }).text).toBe(expected);
  });

  test('is the same text every time', () => {
    expect(synthesizeStack().text).toBe(text);
  });

  test('fails when two clusters of an app have one name', async () => {
    const { App } = await import('cdktf');
    const { DockerClusterStack } = await import('../../../../stacks/docker/cluster-stack.js');
    const app = new App({ outdir: '/nonexistent' });
    new DockerClusterStack(app, 'one', stackProps());
    expect(() => new DockerClusterStack(app, 'one', stackProps())).toThrow(/already/);
  });

  test('names no secret: only where secrets are', () => {
    expect(text).not.toMatch(/BEGIN [A-Z ]*KEY/);
    const passwords = JSON.stringify(stack).match(/PASSWORD[A-Z_]*=.{8}/g);
    expect(passwords).toEqual(['PASSWORD_FILE=/run/clu', 'PASSWORD=\\"$(cat ']);
  });
});
