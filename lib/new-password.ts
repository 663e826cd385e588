import { randomBytes } from 'node:crypto';

/** 32 random bytes as URL-safe base64: no character is special in YAML, URLs, shells or drivers. */
export const newPassword = async (): Promise<string> => randomBytes(32).toString('base64url');
