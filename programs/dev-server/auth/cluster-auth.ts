import { type CryptoKey, importSPKI } from 'jose';
import type { Secret } from '../../../lib/secret.js';
import {
  readTokenOfAny,
  type TokenCheck,
  TokenRefused,
} from '../../../prisma/tokens/read-token.js';
import { claimsSchema, isGranted } from '../../grants.js';
import { tokenInvalid } from '../api-error.js';
import type { ServerSettings } from '../settings/settings-schema.js';

/** The authorization of the management API. */
export interface ClusterAuth {
  /** `unusable`: the configured key has a form that cannot verify any token. */
  readonly mode: 'public-key' | 'public-key or derived secret' | 'secret' | 'open' | 'unusable';
  /**
   * Settles when the `Authorization` header allows access to `service` and `stage`; empty names
   * stand for the whole server.
   * @throws ApiError 3015
   */
  verify(service: string, stage: string, header: string | undefined): Promise<void>;
}

/** Upstream reads the key line by line: on a single line, or with another label, it is unusable. */
const SPKI_LINES = /^-----BEGIN PUBLIC KEY-----\r?\n[A-Za-z0-9+/=\r\n]+-----END PUBLIC KEY-----$/;

/**
 * The authorization that the settings ask for; without key and secret everybody may do everything.
 */
export async function createClusterAuth(
  settings: Pick<
    ServerSettings,
    'generation' | 'managementApiSecret' | 'legacySecret' | 'derivedSecret'
  >,
  now: () => Date,
): Promise<ClusterAuth> {
  const { generation, managementApiSecret, legacySecret, derivedSecret } = settings;
  // Servers up to 1.6 have no such secret.
  if (managementApiSecret !== undefined && generation !== 'A') {
    return { mode: 'secret', verify: verifier([sharedCheck(managementApiSecret)], now) };
  }
  // Upstream ignores the key from 1.27 on and stays open: reproduced here, with a warning at start.
  if (legacySecret === undefined || generation === 'C') {
    return { mode: 'open', verify: async () => {} };
  }
  const key = await importPublicKey(legacySecret);
  const own: TokenCheck = { algorithm: 'RS256', key };
  if (key === undefined) return { mode: 'unusable', verify: verifier([own], now) };
  if (derivedSecret === undefined || generation !== 'B') {
    return { mode: 'public-key', verify: verifier([own], now) };
  }
  const verify = verifier([own, sharedCheck(derivedSecret)], now);
  return { mode: 'public-key or derived secret', verify };
}

const sharedCheck = (secret: Secret): TokenCheck => ({
  algorithm: 'HS256',
  key: new TextEncoder().encode(secret.reveal()),
});

async function importPublicKey(pem: string): Promise<CryptoKey | undefined> {
  if (!SPKI_LINES.test(pem.trim())) return undefined;
  return importSPKI(pem, 'RS256').catch(() => undefined);
}

function verifier(checks: readonly TokenCheck[], now: () => Date): ClusterAuth['verify'] {
  return async (service, stage, header) => {
    if (header === undefined) throw tokenInvalid("'Authorization' header not provided");
    const token = header.replace(/^Bearer /, '');
    const { claims: payload } = await readTokenOfAny(token, checks, now()).catch(
      (error: unknown) => {
        if (!(error instanceof TokenRefused)) throw error;
        throw tokenInvalid(`Token can't be decoded: ${error.message}`);
      },
    );
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) throw tokenInvalid('Failed to parse token data');
    const { grants } = claims.data;
    // Servers do not check the action.
    const demand = { service, stage, action: '*' };
    if (!grants.some(({ target }) => isGranted({ target, action: '*' }, demand))) {
      const count = `${grants.length} grants`;
      throw tokenInvalid(`Token contained ${count} but none satisfied the request.`);
    }
  };
}
