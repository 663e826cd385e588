import { expect, test } from 'vitest';
import type { ClusterSettings } from '../../../cluster/settings/settings.js';
import { logsOf } from '../../../lifecycle/log-names.js';

const settings = (more: object) => ({ name: 'a', target: 'docker', ...more }) as ClusterSettings;

test.each<[object, string[]]>([
  [{}, ['server', 'database']],
  [{ gateway: { image: 'x' } }, ['server', 'database', 'gateway']],
  [{ target: 'digitalocean' }, ['server', 'database', 'cloud-init']],
  [
    { target: 'digitalocean', gateway: { image: 'x' }, tls: { kind: 'pinned' } },
    ['server', 'database', 'gateway', 'proxy', 'cloud-init'],
  ],
])('%j has logs of %j', (more, expected) => {
  expect(logsOf(settings(more))).toEqual(expected);
});
