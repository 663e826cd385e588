import type { Register } from '../program.js';

/** The verbs that bring clusters up, look at them and take them down. */
export const registerLifecycleVerbs: Register = () => {};
