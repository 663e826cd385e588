import type { AppState } from '../../apps/app-state.js';

/** The state of an application in a few words. */
export function stateOf({ state, instances, problem }: AppState): string {
  const counts = new Map<string, number>();
  for (const { state: each } of instances) counts.set(each, (counts.get(each) ?? 0) + 1);
  const parts = [...counts].map(([each, count]) => `${count} ${each}`);
  const detail = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return `${state}${detail}${problem === undefined ? '' : `: ${problem}`}`;
}
