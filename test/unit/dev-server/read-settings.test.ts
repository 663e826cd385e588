import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../dev-server/settings/read-settings.js';
import { kitErrorOf } from '../../support/kit-error-of.js';

const YAML = `
port: 4466
legacySecret: |
  -----BEGIN PUBLIC KEY-----
  AAAA
  -----END PUBLIC KEY-----
databases:
  default:
    connector: "postgres"
    host: database
    port: 5432
    user: "prisma"
    password: "no"
    database: "prisma"
    migrations: true
    connectionLimit: 7
`;
const noFile = (): never => {
  throw new Error('no file is read');
};

describe('readSettings', () => {
  test('YAML of PRISMA_CONFIG wins over the file', () => {
    const env = { PRISMA_CONFIG: YAML, PRISMA_CONFIG_PATH: '/else' };
    const settings = readSettings(env, noFile);
    expect(settings).toMatchObject({
      port: 4466,
      generation: 'B',
      legacySecret: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
    });
    const { password, ...database } = settings.databases.default;
    expect(database).toEqual({
      connector: 'postgres',
      host: 'database',
      port: 5432,
      user: 'prisma',
      database: 'prisma',
      connectionLimit: 7,
      ssl: false,
    });
    expect(password?.reveal()).toBe('no');
  });

  test('the file named by PRISMA_CONFIG_PATH is read', () => {
    const paths: string[] = [];
    const settings = readSettings({ PRISMA_CONFIG_PATH: '/run/prisma.yml' }, (path) => {
      paths.push(path);
      return `${YAML}\ngeneration: C\nmanagementApiSecret: hush`;
    });
    expect(paths).toEqual(['/run/prisma.yml']);
    expect(settings.generation).toBe('C');
    expect(settings.managementApiSecret?.reveal()).toBe('hush');
    expect(JSON.stringify(settings)).not.toContain('hush');
  });

  test('variables of servers up to 1.6', () => {
    const settings = readSettings(
      {
        PORT: '9000',
        CLUSTER_PUBLIC_KEY: 'KEY',
        CLUSTERKIT_GENERATION: 'A',
        SQL_CLIENT_HOST: 'db',
        SQL_CLIENT_PORT: '5433',
        SQL_CLIENT_USER: 'u',
        SQL_CLIENT_PASSWORD: 'p',
        SQL_INTERNAL_DATABASE: 'd',
        SQL_CLIENT_CONNECTION_LIMIT: '3',
      },
      noFile,
    );
    expect(settings).toMatchObject({ port: 9000, legacySecret: 'KEY', generation: 'A' });
    expect(settings.databases.default).toMatchObject({
      ...{ host: 'db', port: 5433, user: 'u', database: 'd', connectionLimit: 3 },
    });
  });

  test('empty secrets are none', () => {
    const yaml = YAML.replace(/legacySecret[\s\S]*?(?=databases)/, 'legacySecret: ""\n');
    const settings = readSettings({ PRISMA_CONFIG: `${yaml}\nmanagementApiSecret: ""` }, noFile);
    expect(settings.legacySecret).toBeUndefined();
    expect(settings.managementApiSecret).toBeUndefined();
  });

  test('all problems are told with their path', async () => {
    const yaml = 'port: 99999\ndatabases: { default: { connector: mongo, host: h, user: 1 } }';
    const error = await kitErrorOf(() => readSettings({ PRISMA_CONFIG: yaml }, noFile));
    expect(error.problems.map(({ path }) => path)).toEqual([
      'PRISMA_CONFIG.port',
      'PRISMA_CONFIG.databases.default.connector',
    ]);
  });

  test('what the YAML parser says about a secret is not repeated', async () => {
    const yaml = 'managementApiSecret: "hush\nport: [';
    const error = await kitErrorOf(() => readSettings({ PRISMA_CONFIG: yaml }, noFile));
    expect(error.code).toBe('configuration-malformed');
    expect(error.message).not.toContain('hush');
  });

  test('a file that cannot be read is named', async () => {
    const env = { PRISMA_CONFIG_PATH: '/run/none.yml' };
    const error = await kitErrorOf(() =>
      readSettings(env, () => {
        throw Object.assign(new Error('x'), { code: 'EACCES' });
      }),
    );
    expect(error.message).toBe('/run/none.yml: cannot be read: EACCES');
  });

  test('without any configuration the missing values are told', async () => {
    const error = await kitErrorOf(() => readSettings({}, noFile));
    expect(error.message).toContain('environment.databases.default.host');
  });
});
