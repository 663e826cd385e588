import type { Problem } from '../../lib/errors.js';
import type { Registry } from '../file/read-registry.js';
import type { EntryHealth } from '../probe-entry.js';
import type { KeyState } from './key-state.js';

/** The mode of a file or directory that belongs to the registry. */
export interface ModeFact {
  readonly path: string;
  /** Permission bits, such as 0o600, with the sticky bit. */
  readonly mode: number;
  /** `shared`: a directory that contains the registry, but also other files. */
  readonly kind: 'file' | 'directory' | 'shared';
  /** User id of its owner, when that is not the one who runs this. @default - it is */
  readonly otherOwner?: number;
}

/** State of the registry file. */
export type Content =
  | { readonly state: 'missing' }
  | { readonly state: 'unreadable' | 'malformed'; readonly problems: readonly Problem[] }
  | { readonly state: 'sound'; readonly registry: Registry };

/** Everything that doctor inspects, read once. */
export interface DoctorFacts {
  /** Path of the registry, as given. */
  readonly path: string;
  /** The file itself, symbolic links resolved. */
  readonly file: string;
  readonly content: Content;
  /** State of the secrets, by name of the entry. */
  readonly keys: ReadonlyMap<string, KeyState>;
  /** The shadow copy: entries that the kit wrote. */
  readonly owned: Registry['owned'];
  /** Empty on Windows, which has no modes. */
  readonly modes: readonly ModeFact[];
  readonly lock: {
    readonly path: string;
    readonly state: 'none' | 'held' | 'left-over' | 'unusable';
    /** The owner of the lock, or why it cannot be read. */
    readonly note?: string | undefined;
  };
  /** Temporary files of writes that were interrupted. */
  readonly temporaries: readonly string[];
  readonly backups: { readonly path: string; readonly count: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Health of the servers, by name; undefined when offline. */
  readonly health?: ReadonlyMap<string, EntryHealth> | undefined;
}
