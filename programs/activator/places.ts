/**
 * How many requests the activator holds at once: each may hold buffers of some 100 KB. When there are `most` of
 * them, only functions that have less than their equal share get another place: so none can take all.
 */
export class Places {
  #taken = 0;
  readonly #by = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** The returned function gives the place back; `undefined` when there is none. */
  take(name: string): (() => void) | undefined {
    const own = this.#by.get(name) ?? 0;
    const share = this.most / (this.#by.size + (own === 0 ? 1 : 0));
    if (this.#taken >= this.most && (own >= share || this.#taken >= 2 * this.most)) {
      return undefined;
    }
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
