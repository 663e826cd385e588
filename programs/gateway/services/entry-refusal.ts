import type { Connector } from '../../../cluster/databases.js';
import type { Generation } from '../../../prisma/generation.js';
import type { OwnAnswer } from '../../own-answer.js';
import { serverRefusal } from '../own-answer.js';
import type { ServiceName } from '../storage/storage-gate.js';
import type { Entry } from './service-directory.js';

const WRONG_TOKEN =
  'Your token is invalid. It might have expired or you might be using a token from a different project.';

/** The servers' answer to a client that may not use a service; none for one that may. */
export function entryRefusal(
  entry: Entry | undefined,
  { service, stage }: ServiceName,
  { connector, generation }: { connector: Connector | undefined; generation: Generation },
): OwnAnswer | undefined {
  if (entry === 'refused') return serverRefusal(WRONG_TOKEN, 3015);
  if (entry !== 'missing') return undefined;
  const separator = connector === 'postgres' && generation !== 'A' ? '$' : '@';
  return serverRefusal(`Project not found: '${service}${separator}${stage}'`, 3016);
}
