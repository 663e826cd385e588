import { docker } from './docker/target.js';
import { droplet } from './droplet/target.js';
import type { Target } from './target.js';

/** Every target, in the order in which `clusters.yml` documents them: the only list. */
export const TARGETS: readonly Target[] = [docker, droplet];
