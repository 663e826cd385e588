import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { LABEL } from '../../cluster/names.js';
import { Secret } from '../../lib/secret.js';

/** The secrets that a container of an application has, so that its log can be shown without them. */
export async function secretValues(engine: Engine, name: string): Promise<Secret[]> {
  try {
    const { Env, Labels } = (await engine.getContainer(name).inspect()).Config;
    const names = (Labels[LABEL.secrets] ?? '').split(',').filter((each) => each !== '');
    return Env.flatMap((line) => {
      const at = line.indexOf('=');
      const value = line.slice(at + 1);
      return names.includes(line.slice(0, at)) && value !== '' ? [new Secret(value)] : [];
    });
  } catch (error) {
    if (statusOf(error) === 404) return [];
    throw error;
  }
}
