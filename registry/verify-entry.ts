import { environmentError } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import type { ServerTrust } from '../prisma/probe/server-trust.js';
import { type SecretKind, secretKindOf } from '../prisma/tokens/signing-key.js';
import { type EntryHealth, probeOnce } from './probe-entry.js';
import { whyUnfit } from './secret-fit.js';

/**
 * Verifies that a server answers, is closed and accepts the secret, before its entry is written.
 *
 * @param allowOpen accept a server that lets everybody in
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
    const message = health.message ?? 'its certificate is refused';
    throw environmentError(code, { path: host, message, hint: `${hint} ${CERTIFICATE_OPTION}` });
  }
  const { code, message, hint } = health.online
    ? reasonOf(health, clusterSecret && secretKindOf(clusterSecret))
    : OFFLINE;
  const words = health.message === undefined ? '' : ` (${health.message})`;
  throw environmentError(code, { path: host, message: message + words, hint });
}

const CERTIFICATE_OPTION = 'Or give the certificate that you trust: --certificate FILE.';
const OFFLINE = {
  code: 'server-unreachable',
  message: 'no Prisma 1 server answers',
  hint: 'Start it, mend the address, or add the entry unseen with --no-verify.',
};
const UNCLEAR = {
  code: 'auth-unclear',
  message: 'the server neither accepts nor refuses the key',
  hint: 'Its database may be out of reach. Try again, or add the entry unseen with --no-verify.',
};

function reasonOf(health: EntryHealth, kind: SecretKind | undefined) {
  const why = kind && whyUnfit(health, kind);
  const also = why === undefined ? '' : ` ${why}`;
  const given = kind === 'secret' ? 'secret' : 'key';
  switch (health.auth) {
    case 'open':
      return {
        code: 'server-open',
        message: 'the server lets callers in without the cluster’s key',
        hint:
          kind === 'secret'
            ? `Start it with this secret as managementApiSecret, or say --allow-open.${also}`
            : `Give it the public key (clusterkit cluster public-key), or say --allow-open.${also}`,
      };
    case 'refused':
      return {
        code: 'key-refused',
        message: `the server refuses this ${given}`,
        hint:
          kind === 'secret'
            ? `It runs with another secret, or with a key pair. Give the right one, or --no-verify.${also}`
            : `Its public key is of another pair. Give the right private key, or --no-verify.${also}`,
      };
    default:
      return UNCLEAR;
  }
}
