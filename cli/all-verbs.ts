import { registerAppVerbs } from './app/register.js';
import { registerDropletVerbs } from './droplet/register.js';
import { registerLifecycleVerbs } from './lifecycle/register.js';
import type { Register } from './program.js';
import { registerClusterVerbs } from './registry/register.js';
import { registerServiceVerbs } from './service/register.js';

/** All families of verbs, in the order of the help. */
export const ALL_VERBS: readonly Register[] = [
  registerLifecycleVerbs,
  registerDropletVerbs,
  registerAppVerbs,
  registerServiceVerbs,
  registerClusterVerbs,
];
