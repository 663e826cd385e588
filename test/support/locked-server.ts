import { createPublicKey, verify } from 'node:crypto';
import { managementServer, refusal } from './management-server.js';

/**
 * A generation B server: answers the version to everybody, and lists its services to who signs with
 * the private half of `publicKey`; without a key to everybody.
 */
export const lockedServer = (publicKey?: string) =>
  managementServer(({ query, headers }) => {
    if (query.includes('serverInfo')) {
      return { body: { data: { serverInfo: { version: '1.8.3' } } } };
    }
    const token = headers.authorization?.replace('Bearer ', '');
    if (publicKey !== undefined && token === undefined) {
      return refusal("'Authorization' header not provided");
    }
    if (publicKey !== undefined && !isSignedBy(token ?? '', publicKey)) {
      return refusal(
        "Token can't be decoded: Invalid signature for this token or wrong algorithm.",
      );
    }
    return { body: { data: { listProjects: [] } } };
  });

function isSignedBy(token: string, publicKey: string): boolean {
  const [header, payload, signature = ''] = token.split('.');
  const signed = Buffer.from(`${header}.${payload}`);
  return verify('sha256', signed, createPublicKey(publicKey), Buffer.from(signature, 'base64url'));
}
