import { expect, test } from 'vitest';
import {
  errorResponse,
  withoutChannelBinding,
} from '../../../../clients/database/postgres-wire.js';

/** AuthenticationSASL with these mechanisms. */
const listOf = (...names: string[]) => {
  const list = Buffer.from(`${names.map((name) => `${name}\0`).join('')}\0`);
  const head = Buffer.from([0x52, 0, 0, 0, 8 + list.length, 0, 0, 0, 10]);
  return Buffer.concat([head, list]);
};

test('the mechanism for clients with TLS goes; everything else stays', () => {
  const plain = listOf('SCRAM-SHA-256');
  expect(withoutChannelBinding(listOf('SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256'))).toEqual(plain);
  expect(withoutChannelBinding(plain)).toEqual(plain);
  const md5 = Buffer.from([0x52, 0, 0, 0, 12, 0, 0, 0, 5, 1, 2, 3, 4]);
  expect(withoutChannelBinding(md5)).toEqual(md5);
  const error = errorResponse('28000', 'SCRAM-SHA-256-PLUS');
  expect(withoutChannelBinding(error)).toEqual(error);
});
