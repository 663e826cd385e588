import type { CommonFacts } from './stages/facts.js';

/** The facts about a cluster by which its external database is claimed and released. */
export type Claimable = Pick<CommonFacts, 'cluster' | 'keyDirectory' | 'connector' | 'external'>;
