import type Docker from 'dockerode';
import { statusOf } from '../clients/docker/connect.js';
import { follow } from '../clients/docker/follow-progress.js';
import { timeLimit } from '../lib/time-limit.js';
import { debianBase } from './debian-base.js';
import { INPUTS_LABEL } from './image-inputs.js';
import { nodeBase } from './node-base.js';
import type { Progress, SetupContext } from './part.js';

const ASK_TIMEOUT_MS = 5000;

/** Finds a base for an image: the public one, or the one made from packages. */
export type ChooseBase = (
  docker: Docker,
  publicBase: string,
  progress: Progress,
  /** Of which kind the one made from packages is. @default debian */
  made?: 'debian' | 'node',
) => Promise<string>;

/**
 * Chooses the public base if the engine has it or can pull it. Asks the registry once per run:
 * after a failure all images use the base made from packages.
 */
export function createChooseBase(context: SetupContext): ChooseBase {
  let registryAnswers = true;
  return async (docker, publicBase, progress, made = 'debian') => {
    if (await hasPublic(docker, publicBase)) return publicBase;
    if (registryAnswers && (await canPull(docker, publicBase))) {
      progress.step(`pulling ${publicBase}`);
      await follow(docker, await docker.pull(publicBase), progress.output);
      return publicBase;
    }
    if (registryAnswers) progress.step(`${publicBase} cannot be pulled`);
    registryAnswers = false;
    const make = made === 'node' ? nodeBase : debianBase;
    return make(context, docker, progress);
  };
}

/** An image with the label of the kit's own only has the name of the public one, for tests. */
async function hasPublic(docker: Docker, image: string): Promise<boolean> {
  try {
    const { Config } = await docker.getImage(image).inspect();
    return Config.Labels?.[INPUTS_LABEL] === undefined;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

async function canPull(docker: Docker, image: string): Promise<boolean> {
  try {
    await docker.getImage(image).distribution({ abortSignal: timeLimit(ASK_TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  }
}
