import { BUNDLED_GATEWAY } from '../cluster/bundled-images.js';
import type { FunctionSpec, FunctionsDocument } from '../cluster/functions/functions-document.js';
import { succeedsWithin } from '../lib/retry-until.js';
import type { AppsDocument } from './document/document.js';
import { routed } from './document/routes.js';
import { applyFunctions } from './functions/apply-functions.js';
import { ensureRuntime } from './functions/ensure-runtime.js';
import { functionStates } from './functions/function-states.js';
import { removeRuntime } from './functions/remove-runtime.js';
import type { AppsHost } from './host.js';
import { ensureKitImage } from './kit-image.js';

/** Requests of one function that may wait, and the longest wait, until its instances are there. */
const QUEUE = 100;
const WAIT_MS = 30_000;

/** What the activator needs to know of what is deployed. */
export function functionsOf(document: AppsDocument): FunctionsDocument {
  const specs = routed(document).flatMap(({ app, release }): [string, FunctionSpec][] => {
    const { id, port, health, instances, timeoutMs } = release;
    if (release.function === undefined) return [];
    const spec = { release: id, port, instances, timeoutMs, queue: QUEUE, waitMs: WAIT_MS };
    return [[app, { ...spec, ...release.function, ...(health !== undefined && { health }) }]];
  });
  return { functions: Object.fromEntries(specs) };
}

/** Puts the functions of what is deployed in force; removes what runs them when there are none. */
export async function applyFunctionsOf(host: AppsHost, document: AppsDocument): Promise<void> {
  const { engine, marks, place } = host;
  const functions = functionsOf(document);
  if (Object.keys(functions.functions).length === 0) return removeRuntime(engine, marks.cluster);
  const image = await ensureKitImage(host, host.settings.gateway?.image ?? BUNDLED_GATEWAY);
  await ensureRuntime(engine, { ...marks, image, socketPath: place.engineSocket });
  await applyFunctions(engine, marks.cluster, functions);
}

/** Waits until no function of a release before has requests. @returns whether that was so in time */
export async function functionsDrained(
  { engine, marks: { cluster }, context: { signal } }: AppsHost,
  document: AppsDocument,
  timeoutMs: number,
): Promise<boolean> {
  if (Object.keys(functionsOf(document).functions).length === 0) return true;
  const attempt = async () => {
    const { functions } = await functionStates(engine, cluster);
    const busy = Object.values(functions).flatMap(({ draining }) => draining);
    if (busy.some(({ inflight }) => inflight > 0)) throw new Error('functions are draining');
  };
  return succeedsWithin(attempt, { timeoutMs, signal });
}
