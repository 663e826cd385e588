import { isIP } from 'node:net';
import { z } from 'zod';

const SOURCE =
  'should be an address or a block of addresses such as 203.0.113.7 or 198.51.100.0/24';

/** An address or a block of addresses in `clusters.yml`, of either family. */
export const source = z
  .string(SOURCE)
  .regex(/^[0-9A-Fa-f:.]+(\/[0-9]{1,3})?$/, { error: SOURCE, abort: true })
  .refine(isSource, SOURCE);

function isSource(text: string): boolean {
  const [address = '', bits] = text.split('/');
  const family = isIP(address);
  return family !== 0 && (bits === undefined || Number(bits) <= (family === 4 ? 32 : 128));
}
