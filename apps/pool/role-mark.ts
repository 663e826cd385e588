import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RoleOwner, WantedRole } from './pool-app.js';

const START = 'clusterkit ';

const markSchema = z.object({
  app: z.string(),
  /** Identity of the cluster. */
  cluster: z.string().optional(),
  /** Digest of the stored verifier: shows whether the password is the right one. */
  password: z.string(),
});

/** What the comment of a role says: whose it is. */
export type RoleMark = z.output<typeof markSchema>;

/** The comment on the role of an application. Nothing in it is secret. */
export const markOf = ({ app, verifier }: WantedRole, { identity }: RoleOwner): string =>
  `${START}${JSON.stringify({ app, cluster: identity, password: digestOf(verifier) })}`;

/** Reads a comment; `undefined`: the role is not the kit's. */
export function readMark(comment: string | null): RoleMark | undefined {
  if (!comment?.startsWith(START)) return undefined;
  try {
    return markSchema.safeParse(JSON.parse(comment.slice(START.length))).data;
  } catch {
    return undefined;
  }
}

/** A verifier is of 256 random bits: its digest leads nowhere. */
const digestOf = (verifier: string) =>
  createHash('sha256').update(verifier).digest('hex').slice(0, 16);
