/** A function may hold so many times the free places. */
const SHARE = 2;

/**
 * How many requests the activator holds at once: each may hold buffers of 128 KB. A function may hold at most twice
 * as many as are free: alone two thirds of all, two of them 2/5 each; so some are always left for another one.
 */
export class Places {
  #taken = 0;
  readonly #by = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** The returned function gives the place back; `undefined` when there is none. */
  take(name: string): (() => void) | undefined {
    const own = this.#by.get(name) ?? 0;
    if (own >= SHARE * (this.most - this.#taken)) return undefined;
    this.#taken += 1;
    this.#by.set(name, own + 1);
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      this.#taken -= 1;
      const left = (this.#by.get(name) ?? 1) - 1;
      if (left === 0) this.#by.delete(name);
      else this.#by.set(name, left);
    };
  }
}
