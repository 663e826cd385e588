import type { FunctionsDocument } from '../../cluster/functions/functions-document.js';
import type { FunctionReport } from '../../cluster/functions/functions-report.js';
import type { WakerContainer } from '../../cluster/functions/waker-protocol.js';
import { FunctionRunner, type RunnerContext } from './function-runner.js';

/** All functions of the cluster. */
export class Functions {
  readonly #runners = new Map<string, FunctionRunner>();

  constructor(private readonly context: RunnerContext) {}

  /** The functions of a new file; those that it does not name end. */
  apply({ functions }: FunctionsDocument): void {
    for (const [name, spec] of Object.entries(functions)) {
      const known = this.#runners.get(name);
      if (known === undefined)
        this.#runners.set(name, new FunctionRunner(name, spec, this.context));
      else known.configure(spec);
    }
    for (const [name, runner] of this.#runners) if (!(name in functions)) runner.remove();
  }

  of(name: string): FunctionRunner | undefined {
    return this.#runners.get(name);
  }

  observe(list: readonly WakerContainer[], askedMs: number): void {
    const byName = new Map(list.map((each) => [each.name, each]));
    for (const [name, runner] of this.#runners) {
      runner.observe(byName, askedMs);
      if (runner.isOver) this.#runners.delete(name);
    }
  }

  report(): Record<string, FunctionReport> {
    return Object.fromEntries([...this.#runners].map(([name, { report }]) => [name, report]));
  }

  stop(): void {
    for (const runner of this.#runners.values()) runner.stop();
  }
}
