import { createHmac } from 'node:crypto';
import type { AppSettings } from '../cluster/settings/apps/settings.js';
import type { Secret } from '../lib/secret.js';

/** Everything that a release is made from. */
export interface RevisionParts {
  readonly settings: AppSettings;
  /** Of the context of a build, or the image's id where it is known. */
  readonly source: string;
  /** Its secrets, by name. */
  readonly values: Readonly<Record<string, string>>;
  /** Its service, stage and their secret. */
  readonly used?: readonly unknown[] | undefined;
}

/**
 * A digest of everything that a release is made from: another one means that it must be deployed. It has a key,
 * because labels and documents show it, and nobody may guess a secret by it.
 */
export const revisionOf = (key: Secret, parts: RevisionParts): string =>
  createHmac('sha256', key.reveal()).update(stable(parts)).digest('hex').slice(0, 32);

/** JSON whose keys are sorted: their order in a file does not matter. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
