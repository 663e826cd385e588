import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../../../programs/dev-server/settings/read-settings.js';
import { kitErrorOf } from '../../../../support/kit-error-of.js';

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
const PEM = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----';
const VARIABLES = {
  CLUSTER_PUBLIC_KEY: PEM,
  SQL_CLIENT_HOST: 'db',
  SQL_CLIENT_USER: 'root',
  SQL_CLIENT_PASSWORD: 'p',
  SQL_CLIENT_CONNECTION_LIMIT: '3',
};
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

  test('MySQL has a port of its own', () => {
    const yaml = YAML.replace('"postgres"', 'mysql').replace('    port: 5432\n', '');
    const settings = readSettings({ PRISMA_CONFIG: yaml }, noFile);
    expect(settings.databases.default).toMatchObject({
      ...{ connector: 'mysql', port: 3306, database: 'prisma' },
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

describe('the generation', () => {
  const read = (env: NodeJS.ProcessEnv) =>
    readSettings(env, () => `${YAML}generation: A`).generation;

  test.each(['A', 'B', 'C'])('%s of the environment wins in every form', (generation) => {
    const env = { CLUSTERKIT_GENERATION: generation };
    expect(read({ ...env, PRISMA_CONFIG: `${YAML}generation: A` })).toBe(generation);
    expect(read({ ...env, PRISMA_CONFIG_PATH: '/run/prisma.yml' })).toBe(generation);
    expect(read({ ...env, ...VARIABLES, CLUSTER_PUBLIC_KEY: 'x' })).toBe(generation);
  });

  test('without it the YAML counts, and then B', () => {
    expect(read({ PRISMA_CONFIG_PATH: '/run/prisma.yml', CLUSTERKIT_GENERATION: '' })).toBe('A');
    expect(read({ PRISMA_CONFIG: YAML })).toBe('B');
    expect(read({ ...VARIABLES, CLUSTER_PUBLIC_KEY: 'x' })).toBe('B');
  });

  test('another value is told, with all else that is wrong', async () => {
    const env = { CLUSTERKIT_GENERATION: '1.8', PRISMA_CONFIG: YAML.replace('5432', 'x') };
    const error = await kitErrorOf(() => readSettings(env, noFile));
    expect(error.problems.map(({ path }) => path)).toEqual([
      ...['CLUSTERKIT_GENERATION', 'PRISMA_CONFIG.databases.default.port'],
    ]);
    expect(error.message).toContain(
      'CLUSTERKIT_GENERATION: is "1.8", and must be A (up to 1.6), B (1.7 to 1.26) or C (from 1.27)',
    );
  });
});

describe('variables', () => {
  const read = (env: NodeJS.ProcessEnv) => readSettings({ ...VARIABLES, ...env }, noFile);

  test('of servers up to 1.6 are taken as they are', () => {
    const settings = read({ CLUSTERKIT_GENERATION: 'A', SQL_CLIENT_PASSWORD: 'a #b: "c"\nd' });
    expect(settings).toMatchObject({ port: 9000, legacySecret: PEM, generation: 'A' });
    const { password, ...database } = settings.databases.default;
    expect(password?.reveal()).toBe('a #b: "c"\nd');
    expect(database).toEqual({
      ...{ connector: 'mysql', host: 'db', port: 3306, user: 'root' },
      ...{ database: 'graphcool', connectionLimit: 3, ssl: false },
    });
    expect(read({ CLUSTERKIT_GENERATION: 'A', PORT: '4466' }).port).toBe(4466);
  });

  test('B pastes the key into YAML: several lines end it, quotes with \\n mend it', async () => {
    const error = await kitErrorOf(() => read({ CLUSTERKIT_GENERATION: 'B' }));
    expect(error.code).toBe('configuration-malformed');
    const oneLine = PEM.replaceAll('\n', '\\n');
    expect(read({ CLUSTER_PUBLIC_KEY: `"${oneLine}"` }).legacySecret).toBe(PEM);
    expect(read({ CLUSTER_PUBLIC_KEY: oneLine }).legacySecret).toBe(oneLine);
    expect(read({ CLUSTER_PUBLIC_KEY: '' })).toMatchObject({
      ...{ legacySecret: undefined, port: 4466 },
    });
  });

  test('C does not look at the key', () => {
    const settings = read({
      ...{ CLUSTERKIT_GENERATION: 'C', PRISMA_MANAGEMENT_API_JWT_SECRET: 'hush' },
    });
    expect(settings.legacySecret).toBeUndefined();
    expect(settings.managementApiSecret?.reveal()).toBe('hush');
  });

  test('two database servers are refused', async () => {
    const env = {
      CLUSTERKIT_GENERATION: 'A',
      SQL_INTERNAL_HOST: 'other',
      SQL_INTERNAL_PORT: '3306',
    };
    const error = await kitErrorOf(() => read({ ...env, SQL_CLIENT_PORT: '3306' }));
    expect(error.problems.map(({ path }) => path)).toEqual(['SQL_INTERNAL_HOST']);
  });
});
