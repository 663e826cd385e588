import { readFile, rename, rm, writeFile } from 'node:fs/promises';

interface Entry {
  readonly at: number;
  readonly value: unknown;
}

/**
 * Keeps one value in a file. In /tmp it is there as long as the instance is; each instance has its own,
 * so a value may be as old as `maxAgeMs` even when another instance knows a newer one.
 */
export class Cache {
  constructor(
    private readonly path: string,
    private readonly maxAgeMs: number,
    private readonly load: () => Promise<unknown>,
  ) {}

  async get(): Promise<{ value: unknown; isCached: boolean }> {
    const entry = await this.#read();
    if (entry && Date.now() - entry.at < this.maxAgeMs) {
      return { value: entry.value, isCached: true };
    }
    const value = await this.load();
    await this.#write({ at: Date.now(), value });
    return { value, isCached: false };
  }

  async forget(): Promise<void> {
    await rm(this.path, { force: true });
  }

  async #read(): Promise<Entry | undefined> {
    try {
      return JSON.parse(await readFile(this.path, 'utf8')) as Entry;
    } catch {
      return undefined;
    }
  }

  /** Whole or not at all: another request of this instance may read it at the same time. */
  async #write(entry: Entry): Promise<void> {
    const draft = `${this.path}.${process.hrtime.bigint()}`;
    await writeFile(draft, JSON.stringify(entry));
    await rename(draft, this.path);
  }
}
