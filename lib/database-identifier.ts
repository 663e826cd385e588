import { createHash } from 'node:crypto';

export const hashOf = (text: string) =>
  createHash('sha256').update(text).digest('hex').slice(0, 24);

/** Databases cut names (PostgreSQL after 63 letters) or refuse them: a hash keeps long ones apart. */
export const identifier = (name: string): string =>
  name.length <= 63 ? name : `${name.slice(0, 38)}_${hashOf(name)}`;
