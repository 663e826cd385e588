import { expect, test } from 'vitest';
import { LOG_NAMES } from '../../../cli/lifecycle/register.js';
import type { ClusterSettings } from '../../../cluster/settings/settings.js';
import { targetNamed } from '../../../lifecycle/cluster-run.js';
import { allLogs, logsOf } from '../../../lifecycle/log-names.js';
import { TARGETS } from '../../../targets/all.js';

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
  expect(logsOf(settings(more), targetNamed(settings(more).target, TARGETS))).toEqual(expected);
});

test('help and completion, which load no target, name every log of every target', () => {
  expect(LOG_NAMES).toEqual(allLogs(TARGETS));
});
