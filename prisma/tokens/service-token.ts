import { SignJWT } from 'jose';
import { Secret } from '../../lib/secret.js';

/** A token for the API of a service, as `prisma token` makes it: HS256, signed with a secret of prisma.yml. */
export async function signServiceToken(
  secret: Secret,
  { service, stage, ttlSeconds, now }: ServiceTokenFacts,
): Promise<Secret> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const token = await new SignJWT({ data: { service: `${service}@${stage}`, roles: ['admin'] } })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds)
    .sign(new TextEncoder().encode(secret.reveal()));
  return new Secret(token);
}

interface ServiceTokenFacts {
  readonly service: string;
  readonly stage: string;
  readonly ttlSeconds: number;
  readonly now: Date;
}
