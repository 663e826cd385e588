import { describe, expect, test } from 'vitest';
import { parseEvent, plannedChanges } from '../../../../clients/terraform/events.js';

/** Lines as Terraform 1.11 writes them with `-json`. */
const resource = (addr: string) => ({
  addr,
  module: '',
  resource: addr,
  implied_provider: 'docker',
  resource_type: addr.split('.')[0],
  resource_name: addr.split('.')[1],
  resource_key: null,
});
const line = (type: string, rest: object) =>
  JSON.stringify({
    '@level': 'info',
    '@message': `about ${type}`,
    '@module': 'terraform.ui',
    '@timestamp': '2026-11-22T01:31:57.882898Z',
    ...rest,
    type,
  });
const change = (addr: string, action: string, type = 'planned_change') =>
  line(type, { change: { resource: resource(addr), action } });

describe('parseEvent', () => {
  test('a resource that is done', () => {
    const event = parseEvent(
      line('apply_complete', {
        hook: {
          resource: resource('docker_container.server'),
          action: 'create',
          id_key: 'id',
          id_value: '828007e8',
          elapsed_seconds: 2,
        },
      }),
    );
    expect(event).toMatchObject({
      type: 'apply_complete',
      hook: {
        resource: { addr: 'docker_container.server' },
        action: 'create',
        elapsed_seconds: 2,
      },
    });
  });

  test('a line of a command inside the apply', () => {
    const event = parseEvent(
      line('provision_progress', {
        hook: { resource: resource('terraform_data.register'), output: 'hi', provisioner: 'x' },
      }),
    );
    expect(event?.hook).toMatchObject({ output: 'hi' });
  });

  test('an error', () => {
    const event = parseEvent(
      line('diagnostic', {
        '@level': 'error',
        diagnostic: {
          severity: 'error',
          summary: 'local-exec provisioner error',
          detail: 'exit status 3',
          address: 'terraform_data.register',
          range: { filename: 'cdk.tf.json', start: {}, end: {} },
        },
      }),
    );
    expect(event?.diagnostic).toEqual({
      severity: 'error',
      summary: 'local-exec provisioner error',
      detail: 'exit status 3',
      address: 'terraform_data.register',
    });
  });

  test('the start of a command carries a hook of another form, and is an event all the same', () => {
    expect(parseEvent(line('odd', { hook: { unknown: true } }))).toMatchObject({ type: 'odd' });
  });

  test.each(['', 'Error: Unsupported Terraform Core version', '{}', '[]', 'null', '{"type":1}'])(
    'no event: %j',
    (text) => expect(parseEvent(text)).toBeUndefined(),
  );
});

describe('plannedChanges', () => {
  const events = (lines: string[]) => lines.flatMap((each) => parseEvent(each) ?? []);

  test('is what would be created, changed, replaced or removed', () => {
    expect(
      plannedChanges(
        events([
          change('docker_network.network', 'create'),
          change('docker_container.server', 'replace'),
          change('docker_volume.data', 'delete'),
          change('terraform_data.register', 'update'),
        ]),
      ),
    ).toEqual([
      { address: 'docker_network.network', action: 'create' },
      { address: 'docker_container.server', action: 'replace' },
      { address: 'docker_volume.data', action: 'delete' },
      { address: 'terraform_data.register', action: 'update' },
    ]);
  });

  test('is empty for what is left alone, only read, or merely drifted', () => {
    expect(
      plannedChanges(
        events([
          change('docker_network.network', 'noop'),
          change('data.docker_image.a', 'read'),
          change('docker_container.server', 'update', 'resource_drift'),
          line('change_summary', { changes: { add: 0, change: 0, remove: 0, operation: 'plan' } }),
        ]),
      ),
    ).toEqual([]);
  });
});
