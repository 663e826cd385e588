import { readToken } from '../prisma/tokens/read-token.js';

/** Whether `header` has a token that one of a service's secrets has signed, and that is valid now. */
export async function isServiceToken(
  secrets: readonly string[],
  header: string | undefined,
  now: Date,
): Promise<boolean> {
  if (header === undefined) return false;
  const token = header.replace(/^Bearer /, '');
  for (const secret of secrets) {
    const key = new TextEncoder().encode(secret);
    const isValid = await readToken(token, 'HS256', key, now).then(
      () => true,
      () => false,
    );
    if (isValid) return true;
  }
  return false;
}
