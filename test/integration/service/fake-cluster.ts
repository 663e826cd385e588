import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { buildSchema, graphqlSync } from 'graphql';
import { managementServer, refusal } from '../../support/management-server.js';

/** How the server authenticates requests. */
export type Lock = 'closed' | 'open' | 'other-key';

interface Deployed {
  readonly revision: number;
  readonly status?: string;
  readonly types: string;
}

/**
 * A server of generation B with a key pair, as far as `deploy` asks it: its services by name, and
 * their APIs. The fake CLI deploys to it by `POST /deploy/<service>/<stage>`, which asks for no token.
 */
export async function fakeCluster(
  lock: Lock = 'closed',
  silent: { answers: number } = { answers: 0 },
) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const services = new Map<string, Deployed>();
  const server = await managementServer(({ path = '', query, headers }) => {
    if (query.includes('serverInfo')) return data({ serverInfo: { version: '1.8.3' } });
    if (path.startsWith('/deploy/')) {
      const name = path.slice('/deploy/'.length);
      const revision = (services.get(name)?.revision ?? 1) + 1;
      const status = path.endsWith('/dev?pending') ? 'PENDING' : 'SUCCESS';
      services.set(name.replace('?pending', ''), { revision, types: query, status });
      return data({});
    }
    if (path.startsWith('/create/')) {
      services.set(path.slice('/create/'.length), { revision: 1, types: '' });
      return data({});
    }
    if (query.includes('__schema')) return apiOf(services.get(path.slice(1))?.types ?? '', query);
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    const isOurs = lock === 'closed' && isSigned(token, publicKey);
    if (lock !== 'open' && !isOurs) return refusal('Invalid signature');
    if (query.includes('listProjects')) return data({ listProjects: [] });
    // As a server whose database is busy, or just restarted.
    if (services.size > 0 && silent.answers-- > 0) return { status: 503, body: 'not now' };
    const [, name, stage] = /name: "(.*?)", stage: "(.*?)"/.exec(query) ?? [];
    const found = services.get(`${name}/${stage}`);
    return found === undefined
      ? { body: { data: null, errors: [{ code: 4000, message: 'No service' }] } }
      : data({
          migrationStatus: {
            revision: found.revision,
            status: found.status ?? 'SUCCESS',
            errors: [],
          },
        });
  });
  return { ...server, services, privateKey };
}

const data = (value: object) => ({ body: { data: value } });

function apiOf(types: string, source: string) {
  const plain = types.replace(/@\w+(\(.*?\))?/g, '');
  const schema = buildSchema(`scalar DateTime type Query { ok: Boolean }\n${plain}`);
  return { body: graphqlSync({ schema, source }) };
}

function isSigned(token: string, publicKey: string): boolean {
  const [header, payload, signature = ''] = token.split('.');
  const signed = Buffer.from(`${header}.${payload}`);
  return verify('sha256', signed, createPublicKey(publicKey), Buffer.from(signature, 'base64url'));
}
