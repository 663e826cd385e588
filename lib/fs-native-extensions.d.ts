/** The two calls that the lock needs; the package ships no types. */
declare module 'fs-native-extensions' {
  /** Exclusive lock on a range of an open file; false when another open file holds it. */
  export function tryLock(fd: number, offset: number, length: number): boolean;
  export function unlock(fd: number, offset: number, length: number): void;
}
