import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { STOP_SECONDS } from './instance-options.js';

/** Stops an instance with its own signal, and after 10 s by force. One that is gone or stopped counts as done. */
export async function stopInstance(engine: Engine, name: string): Promise<void> {
  const container = engine.getContainer(name);
  try {
    // A frozen process cannot end by itself.
    if ((await container.inspect()).State.Paused) await container.unpause();
    await container.stop({ t: STOP_SECONDS });
  } catch (error) {
    if (![304, 404].includes(statusOf(error) ?? 0)) throw error;
  }
}
