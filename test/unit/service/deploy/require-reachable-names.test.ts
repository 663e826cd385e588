import { expect, test } from 'vitest';
import { requireReachableNames } from '../../../../service/deploy/require-reachable-names.js';

const server = { version: '1.8.3', generation: 'B' } as const;

test('names that the server takes for something else are refused, with the reason', () => {
  const refuse = (service: string, stage: string) => () =>
    requireReachableNames({ service, stage }, server);
  expect(refuse('demo', 'dev')).not.toThrow();
  expect(refuse('management', 'dev')).toThrow(
    "'management' cannot be the service on a server of version 1.8.3: /management is the path of the management API",
  );
  expect(refuse('demo', 'export')).toThrow(
    "'export' cannot be the stage on a server of version 1.8.3: /demo/export is an endpoint of the stage 'default'",
  );
  expect(refuse('cluster-app', 'dev')).toThrow(/take all paths that begin with \/cluster/);
});
