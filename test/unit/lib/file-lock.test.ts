import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentError } from '../../../lib/errors.js';
import { type LockRequest, withFileLock } from '../../../lib/file-lock.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const request = (command: string, waitMs = 5000): LockRequest => ({
  owner: { pid: process.pid, host: 'here', command },
  subject: 'Cluster one',
  lockedCode: 'cluster-busy',
  fileError: (path, doing) => environmentError('lock-file', { path, message: doing }),
  waitMs,
  now: () => new Date('2018-05-04T12:00:00Z'),
});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('withFileLock', () => {
  test('returns the result of the work, and leaves no file', async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, 'lock');
    const text = await withFileLock(path, request('up'), () => readFile(path, 'utf8'));
    expect(JSON.parse(text)).toMatchObject({ pid: process.pid, host: 'here', command: 'up' });
    expect(await readdir(directory)).toEqual([]);
  });

  test('one at a time, also with many processes', async () => {
    const path = join(await temporaryDirectory(), 'lock');
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await pause(10);
      inside -= 1;
    };
    await Promise.all(
      Array.from({ length: 12 }, (_, i) => withFileLock(path, request(`up ${i}`, 20_000), work)),
    );
    expect(most).toBe(1);
  });

  test('a free lock is taken without a wait, however slow this machine is', async () => {
    const path = join(await temporaryDirectory(), 'lock');
    const told: unknown[] = [];
    const onWait: LockRequest['onWait'] = (owner) => told.push(owner);
    const taken = withFileLock(path, { ...request('up', 0), onWait }, async () => 'taken');
    const startedAt = performance.now();
    while (performance.now() - startedAt < 300);
    expect(await taken).toBe('taken');
    expect(told).toEqual([]);
  });

  test('fails after the timeout, and names the owner', async () => {
    const path = join(await temporaryDirectory(), 'lock');
    const error = await withFileLock(path, request('clusterkit up one'), () =>
      kitErrorOf(() => withFileLock(path, request('clusterkit down one', 200), async () => {})),
    );
    expect(error).toMatchObject({ code: 'cluster-busy', exitCode: 3 });
    expect(error.message).toContain('Cluster one');
    expect(error.message).toContain(`${process.pid}`);
    expect(error.message).toContain('clusterkit up one');
  });

  test('reports the owner once, and respects the timeout', async () => {
    const path = join(await temporaryDirectory(), 'lock');
    const interrupt = new AbortController();
    const told: unknown[] = [];
    const onWait: LockRequest['onWait'] = (owner) => {
      told.push(owner?.command);
      setTimeout(() => interrupt.abort(new Error('interrupted')), 50);
    };
    const work = async () => 'done all the same';
    const waiting = { ...request('down'), signal: interrupt.signal, onWait };
    const startedAt = performance.now();
    await withFileLock(path, request('clusterkit up one'), async () => {
      await expect(withFileLock(path, waiting, work)).rejects.toThrow();
    });
    expect(performance.now() - startedAt).toBeLessThan(4000);
    expect(told).toEqual(['clusterkit up one']);
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  test('is free again after work that failed', async () => {
    const path = join(await temporaryDirectory(), 'lock');
    const failing = withFileLock(path, request('up'), async () => {
      throw new Error('of the work');
    });
    await expect(failing).rejects.toThrow('of the work');
    expect(await withFileLock(path, request('up', 200), async () => 'again')).toBe('again');
  });

  test('fails with the caller’s error when the file cannot be created', async () => {
    const path = join(await temporaryDirectory(), 'none', 'lock');
    const error = await kitErrorOf(() => withFileLock(path, request('up'), async () => {}));
    expect(error.code).toBe('lock-file');
  });
});
