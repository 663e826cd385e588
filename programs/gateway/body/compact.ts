const LEAST_BLOCK = 1_024;
const LARGEST_BLOCK = 65_536;

/**
 * Bytes that arrive in pieces of any size, kept in few blocks: a body in pieces of one byte would
 * otherwise need some hundred bytes for each.
 */
export class Compact {
  #blocks: Buffer[] = [];
  #tail: Buffer | undefined;
  #tailBytes = 0;
  bytes = 0;

  /** Memory that {@link add} will take for a piece, besides what is taken already. */
  costOf({ length }: Buffer): number {
    const free = this.#tail === undefined ? 0 : this.#tail.length - this.#tailBytes;
    return length <= free ? 0 : Math.max(length - free, this.#nextBlock());
  }

  add(piece: Buffer): void {
    this.bytes += piece.length;
    if (this.#tail === undefined && piece.length >= LEAST_BLOCK) {
      this.#blocks.push(piece);
      return;
    }
    let rest = piece;
    while (rest.length > 0) {
      this.#tail ??= Buffer.allocUnsafeSlow(Math.max(this.#nextBlock(), rest.length));
      const copied = rest.copy(this.#tail, this.#tailBytes);
      this.#tailBytes += copied;
      rest = rest.subarray(copied);
      if (this.#tailBytes === this.#tail.length) this.#closeTail();
    }
  }

  /** All bytes in order; afterwards it is empty. */
  take(): Buffer {
    this.#closeTail();
    const [first, ...more] = this.#blocks;
    this.#blocks = [];
    this.bytes = 0;
    if (first === undefined) return Buffer.alloc(0);
    return more.length === 0 ? first : Buffer.concat([first, ...more]);
  }

  #closeTail(): void {
    if (this.#tail !== undefined) this.#blocks.push(this.#tail.subarray(0, this.#tailBytes));
    this.#tail = undefined;
    this.#tailBytes = 0;
  }

  #nextBlock(): number {
    return Math.min(LARGEST_BLOCK, Math.max(LEAST_BLOCK, this.bytes));
  }
}
