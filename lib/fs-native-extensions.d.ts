/** The functions that the lock uses; the package has no types. */
declare module 'fs-native-extensions' {
  /** Lock on a range of an open file, exclusive by default; false when another open file holds it. */
  export function tryLock(
    fd: number,
    offset: number,
    length: number,
    options?: { shared?: boolean },
  ): boolean;
  /** Waits for an exclusive lock, on one of Node's threads; nothing ends the wait. */
  export function waitForLock(fd: number, offset: number, length: number): Promise<void>;
  export function unlock(fd: number, offset: number, length: number): void;
}
