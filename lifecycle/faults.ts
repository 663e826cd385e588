import { KitError, type Problem } from '../lib/errors.js';

/** Collects errors, or throws them. */
export class Faults {
  readonly problems: Problem[] = [];

  constructor(private readonly how: 'reported' | 'thrown') {}

  async of<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (this.how === 'thrown' || !(error instanceof KitError)) throw error;
      this.problems.push(...error.problems);
      return undefined;
    }
  }
}
