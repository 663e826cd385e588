import { createHmac, createPublicKey, verify } from 'node:crypto';
import { managementServer, refusal } from './management-server.js';

/**
 * A generation B server: answers the version to everybody, and lists its services to who signs with
 * the private half of `publicKey`; without a key to everybody.
 */
export const lockedServer = (publicKey?: string, version = '1.8.3') =>
  serverThat(
    version,
    publicKey === undefined ? undefined : (token) => isSignedBy(token, publicKey),
  );

/** A gateway before a server of generation C, for a cluster with a key pair. */
export const lockedGateway = (publicKey: string) =>
  serverThat('1.34.12', (token) => isSignedBy(token, publicKey), {
    'x-clusterkit-gateway': '0.1.0',
  });

/** A server with a shared secret, of generation C unless told otherwise. */
export const secretServer = (secret: string, version = '1.34.12') =>
  serverThat(version, (token) => isSignedWith(token, secret));

/** A server that takes the tokens that `accepts` takes; without it everybody may do everything. */
const serverThat = (
  version: string,
  accepts: ((token: string) => boolean) | undefined,
  told: Readonly<Record<string, string>> = {},
) =>
  managementServer(({ query, headers }) => {
    if (query.includes('serverInfo')) {
      return { headers: told, body: { data: { serverInfo: { version } } } };
    }
    const token = headers.authorization?.replace('Bearer ', '');
    if (accepts === undefined) return { body: { data: { listProjects: [] } } };
    if (token === undefined) return refusal("'Authorization' header not provided");
    if (!accepts(token)) {
      return refusal(
        "Token can't be decoded: Invalid signature for this token or wrong algorithm.",
      );
    }
    return query.includes('project(') ? NO_SERVICE : { body: { data: { listProjects: [] } } };
  });

/** What a server answers about a service that it does not have. */
const NO_SERVICE = {
  body: { data: null, errors: [{ code: 4000, message: "No service with name 'x' found" }] },
};

const partsOf = (token: string) => {
  const [header = '', payload, signature = ''] = token.split('.');
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString() || '{}');
  return { alg, signed: `${header}.${payload}`, signature };
};

function isSignedBy(token: string, publicKey: string): boolean {
  const { alg, signed, signature } = partsOf(token);
  const bytes = Buffer.from(signature, 'base64url');
  return (
    alg === 'RS256' && verify('sha256', Buffer.from(signed), createPublicKey(publicKey), bytes)
  );
}

function isSignedWith(token: string, secret: string): boolean {
  const { alg, signed, signature } = partsOf(token);
  const expected = createHmac('sha256', secret).update(signed).digest('base64url');
  return alg === 'HS256' && signature === expected;
}
