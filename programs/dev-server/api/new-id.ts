import { randomBytes } from 'node:crypto';

const base36 = (value: number, length: number) =>
  value.toString(36).padStart(length, '0').slice(-length);

let counter = 0;

/**
 * A node id in Prisma 1's form: 25 characters, `c` first, then the time, so that ids sort in order
 * of creation.
 */
export function newId(now: Date): string {
  counter = (counter + 1) % 36 ** 4;
  const random = randomBytes(12);
  const tail = [0, 4, 8].map((offset) => base36(random.readUInt32BE(offset), 4)).join('');
  return `c${base36(now.getTime(), 8)}${base36(counter, 4)}${tail}`;
}
