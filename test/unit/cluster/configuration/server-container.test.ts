import { expect, test } from 'vitest';
import { serverContainer } from '../../../../cluster/configuration/server-container.js';

const BUNDLED = 'clusterkit/dev-server:0.1.0';

test('up to 1.6: started by the script in the configuration volume', () => {
  expect(serverContainer({ image: 'prismagraphql/prisma:1.6', version: '1.6' })).toEqual({
    environment: {},
    runtime: 'java',
    entrypoint: ['/bin/sh', '/run/clusterkit/start'],
  });
});

test.each(['1.7', '1.26.6', '1.27', '1.34.12'])('%s: reads a file', (version) => {
  expect(serverContainer({ image: 'prismagraphql/prisma', version })).toEqual({
    runtime: 'java',
    environment: { PRISMA_CONFIG_PATH: '/run/clusterkit/prisma.yml' },
  });
});

test.each([
  ['1.6', 'A'],
  ['1.8', 'B'],
  ['1.34', 'C'],
])('the bundled server is told to be %s by generation %s', (version, generation) => {
  const { environment, runtime } = serverContainer({ image: BUNDLED, version });
  expect(runtime).toBe('node');
  expect(environment).toMatchObject({ CLUSTERKIT_GENERATION: generation });
});
