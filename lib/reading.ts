/** Reads something at the first call, and gives the same ever after. */
export interface Reading<T> {
  (): Promise<T>;
  /** What was read may have changed: the next call reads again. */
  forget(): void;
}

/** Makes a {@link Reading}. A failed reading is kept too: it would fail again. */
export function reading<T>(read: () => Promise<T>): Reading<T> {
  let found: Promise<T> | undefined;
  const get = () => {
    found ??= read();
    return found;
  };
  return Object.assign(get, {
    forget: () => {
      found = undefined;
    },
  });
}
