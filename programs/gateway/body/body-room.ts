/** Holds a part of a {@link BodyRoom}. */
export interface Holder {
  /** Bytes that it holds. */
  readonly held: number;
  /** Gives its part back, unless its body is on the way to the server. */
  readonly evict: (() => void) | undefined;
}

/** Bodies up to this size find room when larger ones have filled the rest. */
export const SMALL_BYTES = 65_536;
/** Part of the room that only small bodies may use. */
const FOR_SMALL = 0.25;
/**
 * Limit of bodies that are streamed at a time. A stream whose server does not read holds what one
 * read from its connection brings, which is little, but in many pieces.
 */
const MOST_STREAMS = 8;

/**
 * The memory for all bodies that the gateway holds, of all connections together. When it is full,
 * the largest body gives way to a smaller one: who sends much, or slowly, waits for who does not.
 */
export class BodyRoom {
  readonly #holders = new Set<Holder>();
  #used = 0;
  #streams = 0;

  constructor(private readonly totalBytes: number) {}

  get usedBytes(): number {
    return this.#used;
  }

  /** Reserves `bytes` more; `false` when there is no room, also not by eviction. */
  take(holder: Holder, bytes: number): boolean {
    const after = holder.held + bytes;
    const limit = after <= SMALL_BYTES ? this.totalBytes : this.totalBytes * (1 - FOR_SMALL);
    while (this.#used + bytes > limit) {
      const largest = this.#largestAbove(after);
      if (largest?.evict === undefined) return false;
      largest.evict();
    }
    this.#used += bytes;
    this.#holders.add(holder);
    return true;
  }

  /** Takes back everything that `holder` holds; it must hold nothing afterwards. */
  give(holder: Holder): void {
    if (this.#holders.delete(holder)) this.#used -= holder.held;
  }

  /** A place for a stream: a function that frees it, or `undefined`. */
  openStream(): (() => void) | undefined {
    if (this.#streams >= MOST_STREAMS) return undefined;
    this.#streams += 1;
    let isOpen = true;
    return () => {
      if (isOpen) this.#streams -= 1;
      isOpen = false;
    };
  }

  #largestAbove(bytes: number): Holder | undefined {
    let largest: Holder | undefined;
    for (const holder of this.#holders) {
      if (holder.evict !== undefined && holder.held > (largest?.held ?? bytes)) largest = holder;
    }
    return largest;
  }
}
