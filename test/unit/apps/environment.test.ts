import { expect, it } from 'vitest';
import { environmentOf } from '../../../apps/environment.js';
import { Secret } from '../../../lib/secret.js';

it('has what the cluster gives, what the user sets, and which of it is secret', () => {
  expect(
    environmentOf(
      { port: 3000, env: { LEVEL: '3' } },
      { API_KEY: new Secret('k') },
      {
        endpoint: 'http://server:4466/blog/dev',
        serviceSecret: new Secret('s'),
        databaseUrl: new Secret('postgresql://u:p@pool/db'),
      },
    ),
  ).toEqual({
    environment: {
      ...{ PORT: '3000', LEVEL: '3', PRISMA_ENDPOINT: 'http://server:4466/blog/dev' },
      ...{ PRISMA_SECRET: 's', DATABASE_URL: 'postgresql://u:p@pool/db', API_KEY: 'k' },
    },
    secrets: ['PRISMA_SECRET', 'DATABASE_URL', 'API_KEY'],
  });
});

it("prefers the user's own service secret, and gives nothing that there is not", () => {
  const own = { PRISMA_SECRET: new Secret('own') };
  const given = { serviceSecret: new Secret('of the service') };
  expect(environmentOf({ env: {} }, own, given).environment).toEqual({ PRISMA_SECRET: 'own' });
  expect(environmentOf({ env: {} }, {}, {})).toEqual({ environment: {}, secrets: [] });
});
