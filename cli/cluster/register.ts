import type { Register } from '../program.js';

/** The verbs that keep the cluster registry. */
export const registerClusterVerbs: Register = () => {};
