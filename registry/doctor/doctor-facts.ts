import type { Problem } from '../../lib/errors.js';
import type { Registry } from '../file/read-registry.js';
import type { EntryHealth } from '../probe-entry.js';
import type { KeyState } from './key-state.js';

/** The mode of a file or directory that belongs to the registry. */
export interface ModeFact {
  readonly path: string;
  /** Permission bits, such as 0o600, with the sticky bit. */
  readonly mode: number;
  /** `shared`: a directory that holds the registry, but was not made for it. */
  readonly kind: 'file' | 'directory' | 'shared';
}

/** What the registry file turned out to be. */
export type Content =
  | { readonly state: 'missing' }
  | { readonly state: 'unreadable' | 'malformed'; readonly problems: readonly Problem[] }
  | { readonly state: 'sound'; readonly registry: Registry };

/** What doctor judges by; everything of it was true at one moment. */
export interface DoctorFacts {
  /** The registry as it was asked for. */
  readonly path: string;
  /** The file itself, links followed. */
  readonly file: string;
  readonly content: Content;
  /** What the secrets are good for, by name of the entry. */
  readonly keys: ReadonlyMap<string, KeyState>;
  /** The shadow copy: entries that the kit made. */
  readonly owned: Registry['owned'];
  /** Empty where modes mean nothing (Windows). */
  readonly modes: readonly ModeFact[];
  readonly lock: {
    readonly path: string;
    readonly state: 'none' | 'held' | 'left-over' | 'unusable';
    /** Who holds it, or why it cannot be asked. */
    readonly note?: string | undefined;
  };
  /** Unfinished writes that nobody is going on with. */
  readonly temporaries: readonly string[];
  readonly backups: { readonly path: string; readonly count: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How the servers are, by name; undefined when nobody was asked. */
  readonly health?: ReadonlyMap<string, EntryHealth> | undefined;
}
