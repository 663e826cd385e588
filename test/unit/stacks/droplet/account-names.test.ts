import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  accountName,
  clusterOfName,
  clusterOfProject,
  clusterOfTag,
  clusterTag,
  projectDescription,
} from '../../../../stacks/droplet/account-names.js';

test('names and tags are as they ever were', () => {
  expect(clusterTag('staging')).toBe('clusterkit:staging');
  expect(accountName('staging', 'data')).toBe('clusterkit-staging-data');
});

const cluster = fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/);
const role = fc.constantFrom('droplet', 'data', 'firewall', 'login');

test('names and tags tell their cluster, and fit what the account allows', () => {
  fc.assert(
    fc.property(cluster, role, (name, part) => {
      expect(clusterOfTag(clusterTag(name))).toBe(name);
      expect(clusterOfName(accountName(name, part), part)).toBe(name);
      expect(clusterOfProject(projectDescription(name))).toBe(name);
      expect(accountName(name, part)).toMatch(/^[a-z][a-z0-9-]{0,62}[a-z0-9]$/);
    }),
  );
});

test.each(['clusterkit', 'clusterkit2:a', 'other:staging', 'clusterkit:', 'clusterkit:A', ''])(
  'no cluster in tag %j',
  (tag) => {
    expect(clusterOfTag(tag)).toBeUndefined();
  },
);

test.each(['clusterkit-login', 'clusterkit--login', 'my-clusterkit-a-login', 'clusterkit-a', ''])(
  'no cluster in name %j',
  (name) => {
    expect(clusterOfName(name, 'login')).toBeUndefined();
  },
);
