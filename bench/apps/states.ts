import { setTimeout as sleep } from 'node:timers/promises';
import { functionStates } from '../../apps/functions/function-states.js';
import type { Engine } from '../../clients/docker/connect.js';
import type { InstanceReport, InstanceState } from '../../cluster/functions/functions-report.js';

/** Longest wait for a state. */
const WAIT_MS = 120_000;

/** Instances of a function, as the activator tells them; the first one is woken first. */
export async function instancesOf(
  engine: Engine,
  cluster: string,
  name: string,
): Promise<readonly InstanceReport[]> {
  const found = (await functionStates(engine, cluster)).functions[name];
  if (found === undefined) throw new Error(`there is no function ${name}`);
  return found.instances;
}

/** Waits until all instances of these functions are in one of these states. */
export async function untilAll(
  engine: Engine,
  cluster: string,
  names: readonly string[],
  states: readonly InstanceState[],
): Promise<void> {
  await until(
    async () => {
      const { functions } = await functionStates(engine, cluster);
      const all = names.flatMap((name) => functions[name]?.instances ?? []);
      return all.length >= names.length && all.every(({ state }) => states.includes(state));
    },
    `all are ${states.join(' or ')}`,
  );
}

/** Waits until the first instance of a function is in this state. */
export async function untilFirst(
  engine: Engine,
  cluster: string,
  name: string,
  state: InstanceState,
): Promise<void> {
  await until(async () => {
    const [first] = await instancesOf(engine, cluster, name);
    return first?.state === state;
  }, `${name} is ${state}`);
}

async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!(await isTrue())) {
    if (performance.now() > end)
      throw new Error(`within ${WAIT_MS / 1000} s it is not so: ${what}`);
    await sleep(50);
  }
}
