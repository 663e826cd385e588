import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { readSettings } from '../../../programs/dev-server/settings/read-settings.js';
import { startServer } from '../../../programs/dev-server/start.js';
import type { TestDatabase } from './database-container.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

export { privateKey, publicKey };

/** The configuration as the kit renders it. JSON is YAML. */
export const configuration = (
  { connector, port, user, password }: TestDatabase,
  more: object = {},
): string =>
  JSON.stringify({
    port: 0,
    legacySecret: publicKey,
    databases: {
      default: {
        ...{ connector, host: '127.0.0.1', port, user, password },
        ...{ database: 'prisma', migrations: true, connectionLimit: 5 },
      },
    },
    ...more,
  });

/** A reply: its status and headers too, because they are part of the protocol. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at any depth of an answer
  readonly data: any;
  readonly errors: readonly { readonly code?: number; readonly message: string }[] | undefined;
}

/** Sends a query to a server on loopback. */
export async function ask(
  port: number,
  path: string,
  query: string,
  { token, variables }: { token?: string; variables?: object } = {},
): Promise<Reply> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(60_000),
  });
  const { data, errors } = (await response.json()) as Pick<Reply, 'data' | 'errors'>;
  return { status: response.status, headers: response.headers, data, errors };
}

/** A token for the management API, as the CLI makes it. */
export const clusterToken = (target = '*/*'): Promise<string> =>
  new SignJWT({ grants: [{ target, action: '*' }] })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setExpirationTime('5y')
    .sign(createPrivateKey(privateKey));

/** The same where the server has a `managementApiSecret`. */
export const sharedToken = (secret: string): Promise<string> =>
  new SignJWT({ grants: [{ target: '*/*', action: '*' }] })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setExpirationTime('5y')
    .sign(new TextEncoder().encode(secret));

/** A token for a service, as `prisma token` makes it. */
export const serviceToken = (secret: string): Promise<string> =>
  new SignJWT({ data: { service: 'demo@dev', roles: ['admin'] } })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setExpirationTime('7d')
    .sign(new TextEncoder().encode(secret));

/** The server in this process, with the words it says, and the main calls to it. */
export async function startTestServer(database: TestDatabase, more: object = {}) {
  const lines: string[] = [];
  const settings = readSettings({ PRISMA_CONFIG: configuration(database, more) }, () => '');
  const server = await startServer(settings, {
    packageVersion: '0.1.0',
    now: () => new Date(),
    log: (line) => lines.push(line),
  });
  const token = await clusterToken();
  const manage = (query: string, variables: object = {}) =>
    ask(server.port, '/management', query, { token, variables });
  const deploy = async (types: string, input: object = {}) => {
    const { data, errors } = await manage(
      `mutation ($input: DeployInput!) { deploy(input: $input) {
        errors { type field description } warnings { type field description }
        migration { revision steps { type } } } }`,
      { input: { name: 'demo', stage: 'dev', types, ...input } },
    );
    if (errors) throw new Error(JSON.stringify(errors));
    return data.deploy;
  };
  const addProject = (name = 'demo', stage = 'dev') =>
    manage(
      'mutation ($name: String! $stage: String!) { addProject(input: { name: $name, stage: $stage }) { project { name } } }',
      { name, stage },
    );
  return { ...server, lines, manage, deploy, addProject };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;
