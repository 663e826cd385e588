import type { WakerContainer } from '../../cluster/functions/waker-protocol.js';

/** How a container is; `between`: it will be otherwise in a moment. */
export type Condition = 'running' | 'paused' | 'stopped' | 'missing' | 'between';

const CONDITIONS: Readonly<Record<string, Condition>> = {
  running: 'running',
  paused: 'paused',
  created: 'stopped',
  exited: 'stopped',
  dead: 'stopped',
};

/** Reads the engine's state of a container. */
export const conditionOf = (container: WakerContainer | undefined): Condition =>
  container === undefined ? 'missing' : (CONDITIONS[container.state] ?? 'between');

/** How a container ended, such as `it ended with exit code 1`. */
export function exitOf(container: WakerContainer | undefined): string {
  const [, code] = /^Exited \((\d+)\)/.exec(container?.status ?? '') ?? [];
  if (code === undefined) return 'it ended';
  return `it ended with exit code ${code}${code === '137' ? ' (killed, perhaps for its memory)' : ''}`;
}
