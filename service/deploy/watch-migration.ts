import { setTimeout as sleep } from 'node:timers/promises';
import { environmentError, hasCode, KitError } from '../../lib/errors.js';
import type { ServiceState } from '../../prisma/probe/ask-service.js';
import type { ResolvedEntry } from '../../registry/resolve-entry.js';
import { fetchService, type RequestContext, type Server } from './fetch-service.js';
import { isRunning } from './verify-deployment.js';

/** How long a deployment may stand still. */
export interface Patience {
  /** Without progress for this long, the user is told. @default 30 000 */
  readonly tellMs?: number;
  /** Without progress for this long, the deployment ends. @default 600 000 */
  readonly endMs?: number;
  /** @default 2 000 */
  readonly pollMs?: number;
}

/** The service that is being deployed. */
export interface Watched {
  readonly entry: ResolvedEntry;
  readonly server: Server;
  readonly target: { readonly service: string; readonly stage: string };
}

/** A deployment that stands still: what the server answered last, and for how long. */
export class Standstill {
  private since = performance.now();
  private last = '';
  private isTold = false;

  constructor(
    private readonly watched: Watched,
    private readonly patience: Patience,
    private readonly warn: (text: string) => void,
  ) {}

  /**
   * Notes one answer: the state of the service, or why there was none.
   * @returns whether the deployment has stood still for too long
   */
  note(answer: ServiceState | string | undefined): boolean {
    const { tellMs = 30_000, endMs = 600_000 } = this.patience;
    const text = wordsOf(answer);
    const seen = text && `${text} ${typeof answer === 'object' ? answer.applied : ''}`;
    const now = performance.now();
    if (seen !== this.last) {
      this.last = seen;
      this.since = now;
      this.isTold = false;
    }
    if (text === '') return false;
    const stood = now - this.since;
    if (stood > tellMs && !this.isTold) {
      this.isTold = true;
      this.warn(`${text}, without progress for ${Math.round(stood / 1000)} s. ${this.hint()}`);
    }
    return stood > endMs;
  }

  /** The error `deployment-stuck` (exit 3). */
  error(answer: ServiceState | string | undefined): KitError {
    const { entry, target } = this.watched;
    const seconds = Math.round((performance.now() - this.since) / 1000);
    return environmentError('deployment-stuck', {
      path: `${target.service}/${target.stage} on ${entry.name} (${entry.host})`,
      message: `${wordsOf(answer)}, without progress for ${seconds} s`,
      hint: `${this.hint()} Then run it again; a migration that needs longer gets it by --timeout 1h.`,
    });
  }

  private hint(): string {
    const { name } = this.watched.entry;
    return `Look at the server and its database: clusterkit status ${name}, clusterkit logs ${name} server, clusterkit logs ${name} database.`;
  }
}

/** Empty while nothing stands still: no migration runs, and the server answers. */
const wordsOf = (answer: ServiceState | string | undefined): string => {
  if (typeof answer === 'string')
    return `the server does not say how the deployment is (${answer})`;
  return answer && isRunning(answer) ? `migration ${answer.revision} is ${answer.status}` : '';
};

/** The state of the service; the server's words when it gave none. */
export async function askState(
  { entry, server, target }: Watched,
  context: RequestContext,
): Promise<ServiceState | string | undefined> {
  try {
    return await fetchService(entry, server, target.service, target.stage, context);
  } catch (error) {
    if (error instanceof KitError && error.code === 'server-silent')
      return error.problems[0]?.message ?? '';
    throw error;
  }
}

/**
 * Watches the migration while a CLI waits for it: CLIs wait without an end. Aborts `signal` when nothing
 * has moved for too long.
 */
export function watchMigration(
  watched: Watched,
  context: RequestContext & { readonly warn: (text: string) => void },
  patience: Patience,
) {
  const stuck = new AbortController();
  const done = new AbortController();
  const { signal } = done;
  const interrupt = () => done.abort(context.signal.reason);
  context.signal.addEventListener('abort', interrupt, { once: true });
  const standstill = new Standstill(watched, patience, context.warn);
  const watch = async () => {
    for (;;) {
      await sleep(patience.pollMs ?? 2000, undefined, { signal });
      const answer = await askState(watched, { ...context, signal });
      if (standstill.note(answer)) return stuck.abort(standstill.error(answer));
    }
  };
  // What else goes wrong here is reported by the verification after the CLI.
  const ended = watch().catch((error: unknown) => {
    if (!signal.aborted && !(error instanceof KitError) && !hasCode(error, 'ABORT_ERR'))
      stuck.abort(error);
  });
  return {
    signal: stuck.signal,
    end: async () => {
      context.signal.removeEventListener('abort', interrupt);
      done.abort();
      await ended;
    },
  };
}
