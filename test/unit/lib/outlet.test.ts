import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Outlet, ReaderGone } from '../../../lib/outlet.js';
import { kitErrorOf } from '../../support/kit-error-of.js';

const failing = (code: string) =>
  new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: told`), { code })),
  });

describe('Outlet', () => {
  test('ends a write when it is taken', async () => {
    const taken: string[] = [];
    let take = () => {};
    const stream = new Writable({
      write: (chunk, _, done) => {
        taken.push(String(chunk));
        take = done;
      },
    });
    const outlet = new Outlet(stream);
    let isDone = false;
    const written = outlet.write(Buffer.from('a')).then(() => {
      isDone = true;
    });
    await new Promise(setImmediate);
    expect([taken, isDone]).toEqual([['a'], false]);
    take();
    await written;
  });

  test.each(['EPIPE', 'EIO'])('%s: the reader is gone', async (code) => {
    await expect(new Outlet(failing(code)).write(Buffer.from('a'))).rejects.toThrow(ReaderGone);
  });

  test('any other error is reported', async () => {
    const error = await kitErrorOf(() => new Outlet(failing('ENOSPC')).write(Buffer.from('a')));
    expect(error).toMatchObject({ code: 'output-failed', exitCode: 3 });
    expect(error.message).toContain('ENOSPC: told');
  });
});
