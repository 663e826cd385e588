import { type CryptoKey, importSPKI } from 'jose';
import { readToken, type TokenKey, TokenRefused } from '../../../prisma/tokens/read-token.js';
import { claimsSchema, isGranted } from '../../grants.js';
import { tokenInvalid } from '../api-error.js';
import type { ServerSettings } from '../settings/settings-schema.js';

/** The authorization of the management API. */
export interface ClusterAuth {
  /** `unusable`: the configured key has a form that cannot verify any token. */
  readonly mode: 'public-key' | 'secret' | 'open' | 'unusable';
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
  settings: Pick<ServerSettings, 'generation' | 'managementApiSecret' | 'legacySecret'>,
  now: () => Date,
): Promise<ClusterAuth> {
  const { generation, managementApiSecret, legacySecret } = settings;
  // Servers up to 1.6 have no such secret.
  if (managementApiSecret !== undefined && generation !== 'A') {
    const key = new TextEncoder().encode(managementApiSecret.reveal());
    return { mode: 'secret', verify: verifier('HS256', key, now) };
  }
  // Upstream ignores the key from 1.27 on and stays open: reproduced here, with a warning at start.
  if (legacySecret === undefined || generation === 'C') {
    return { mode: 'open', verify: async () => {} };
  }
  const key = await importPublicKey(legacySecret);
  const mode = key === undefined ? 'unusable' : 'public-key';
  return { mode, verify: verifier('RS256', key, now) };
}

async function importPublicKey(pem: string): Promise<CryptoKey | undefined> {
  if (!SPKI_LINES.test(pem.trim())) return undefined;
  return importSPKI(pem, 'RS256').catch(() => undefined);
}

function verifier(
  algorithm: 'RS256' | 'HS256',
  key: TokenKey,
  now: () => Date,
): ClusterAuth['verify'] {
  return async (service, stage, header) => {
    if (header === undefined) throw tokenInvalid("'Authorization' header not provided");
    const payload = await readToken(header.replace(/^Bearer /, ''), algorithm, key, now()).catch(
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
