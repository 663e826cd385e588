import { ApiError } from '../api-error.js';

/** What one request may read: the memory of the server is less than the data of a service. */
const MOST = { nodes: 50_000, letters: 32 * 1024 * 1024 } as const;

/** Counts what one request reads. */
export class Budget {
  #nodes: number = MOST.nodes;
  #letters: number = MOST.letters;

  /** Rows to ask for at most: one more than allowed shows that there are more. */
  get limit(): number {
    return this.#nodes + 1;
  }

  /** @throws ApiError when the request has read too much */
  spend(rows: readonly Readonly<Record<string, unknown>>[]): void {
    this.#nodes -= rows.length;
    for (const row of rows) {
      for (const value of Object.values(row)) {
        if (typeof value === 'string') this.#letters -= value.length;
      }
    }
    const what =
      this.#nodes < 0
        ? `${MOST.nodes} nodes`
        : this.#letters < 0
          ? `${MOST.letters} letters`
          : undefined;
    if (what === undefined) return;
    const text = `The request reads more than ${what}. Ask for less at a time, with 'first' and 'after'.`;
    throw new ApiError(undefined, text);
  }
}
