import { expect, test } from 'vitest';
import { replacementsIn } from '../../../../clients/terraform/replacements.js';
import { replacedBecause } from '../../../../targets/docker/replaced-because.js';

const labels = (run: string, role = 'server') => [
  { label: 'dev.clusterkit.role', value: role },
  { label: 'dev.clusterkit.run', value: run },
];
const change = (address: string, actions: string[], more: object = {}, reason?: string) => ({
  address,
  type: address.split('.')[0],
  ...(reason && { action_reason: reason }),
  change: { actions, before: null, after: null, ...more },
});
const PLAN = JSON.stringify({
  resource_changes: [
    change('docker_container.server', ['delete', 'create'], {
      before: { labels: labels('a'), env: [] },
      after: { labels: labels('b'), env: ['X=1'] },
      replace_paths: [['labels', {}], ['env'], ['labels']],
    }),
    change('docker_container.gateway', ['delete', 'create'], {}, 'replace_because_tainted'),
    change('docker_container.database', ['no-op']),
    change('terraform_data.register', ['delete', 'create'], { replace_paths: [['x']] }),
  ],
});

test('what forces the replacement, of labels only those that differ', () => {
  expect([...replacementsIn(PLAN, 'docker_container')]).toEqual([
    ['docker_container.server', ['label dev.clusterkit.run', 'env']],
    ['docker_container.gateway', ['tainted']],
  ]);
});

test('what is no plan says nothing', () => {
  for (const text of ['', 'Error: no plan', '{"resource_changes": 1}', '{}']) {
    expect(replacementsIn(text, 'docker_container').size).toBe(0);
  }
});

test('in words, each once; an attribute without words by its name', () => {
  const reasons = ['label dev.clusterkit.run', 'command', 'entrypoint', 'cpus'];
  expect(replacedBecause(reasons)).toEqual(['configuration files', 'command', 'cpus']);
});
