import { environmentError } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import type { ServerTrust } from '../prisma/probe/server-trust.js';
import { type SecretKind, secretKindOf } from '../prisma/tokens/signing-key.js';
import { type EntryHealth, probeOnce } from './probe-entry.js';
import { whyUnfit } from './secret-fit.js';

/**
 * Verifies that a server answers, requires authentication and accepts the secret.
 *
 * @param allowOpen accept a server without authentication
 * @throws KitError `server-unreachable`, `server-open`, `key-refused`, `auth-unclear`, or the code of a
 *   refused certificate (exit 3)
 */
export async function verifyEntry(
  {
    host,
    trust,
    clusterSecret,
  }: {
    readonly host: string;
    readonly trust: ServerTrust | undefined;
    readonly clusterSecret: Secret | undefined;
  },
  allowOpen: boolean,
  context: { readonly now: () => Date; readonly signal: AbortSignal },
): Promise<EntryHealth> {
  const health = await probeOnce({ host, trust, clusterSecret }, context);
  if (health.online && health.auth === 'ok') return health;
  if (health.auth === 'open' && allowOpen) return health;
  if (health.refusal !== undefined) {
    const { code, hint } = health.refusal;
    const message = health.message ?? 'its certificate is not trusted';
    throw environmentError(code, { path: host, message, hint: `${hint} ${CERTIFICATE_OPTION}` });
  }
  const { code, message, hint } = health.online
    ? reasonOf(health, clusterSecret && secretKindOf(clusterSecret))
    : OFFLINE;
  const words = health.message === undefined ? '' : ` (${health.message})`;
  throw environmentError(code, { path: host, message: message + words, hint });
}

const CERTIFICATE_OPTION = 'Or pass the certificate that you trust: --certificate FILE.';
const OFFLINE = {
  code: 'server-unreachable',
  message: 'no Prisma 1 server answers',
  hint: 'Start it, correct the address, or skip the verification: --no-verify.',
};
const UNCLEAR = {
  code: 'auth-unclear',
  message: 'the server neither accepts nor rejects the key',
  hint: 'Its database may be unreachable. Try again, or skip the verification: --no-verify.',
};

function reasonOf(health: EntryHealth, kind: SecretKind | undefined) {
  const why = kind && whyUnfit(health, kind);
  const also = why === undefined ? '' : ` ${why}`;
  const given = kind === 'secret' ? 'secret' : 'key';
  switch (health.auth) {
    case 'open':
      return {
        code: 'server-open',
        message: 'the server accepts requests without the cluster’s key',
        hint:
          kind === 'secret'
            ? `Start it with this secret as managementApiSecret, or pass --allow-open.${also}`
            : `Give it the public key (clusterkit cluster public-key), or pass --allow-open.${also}`,
      };
    case 'refused':
      return {
        code: 'key-refused',
        message: `the server rejects this ${given}`,
        hint:
          kind === 'secret'
            ? `It uses another secret, or a key pair. Pass the right one, or --no-verify.${also}`
            : `Its public key belongs to another pair. Pass the right private key, or --no-verify.${also}`,
      };
    default:
      return UNCLEAR;
  }
}
