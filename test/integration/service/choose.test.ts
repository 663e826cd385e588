import { spawn } from '@lydell/node-pty';
import { describe, expect, test } from 'vitest';
import { compiled } from '../../support/test-cluster.js';
import { fakeCluster } from './fake-cluster.js';
import { fakeService } from './fake-service.js';

const OPEN = '# the blog\r\nservice: blog\r\nstage: dev # for now\r\ndatamodel: datamodel.graphql';
const KEYS = { down: '\u001b[B', enter: '\r', interrupt: '\u0003' } as const;
type FakeService = Awaited<ReturnType<typeof fakeService>>;

/** Two clusters, the second one with another key, and a third one that is offline. */
async function three(yml = OPEN) {
  const here = await fakeCluster();
  const locked = await fakeCluster('other-key');
  const gone = { host: 'http://127.0.0.1:9', privateKey: here.privateKey };
  return { here, locked, ...(await fakeService({ gone, here, locked }, yml)) };
}

/** Runs `clusterkit deploy` on a terminal; presses `keys` when the question is there. */
function onTerminal({ service, env }: FakeService, keys: readonly string[], behaviour = 'deploy') {
  const terminal = spawn(process.execPath, [compiled('cli/main.js'), 'deploy'], {
    ...{ cwd: service, cols: 120, rows: 40, env: { ...env(behaviour), TERM: 'xterm' } },
  });
  let text = '';
  let asked = false;
  return new Promise<{ exitCode: number; text: string }>((resolve) => {
    terminal.onData((data) => {
      text += data;
      if (!asked && text.includes('Which cluster')) {
        asked = true;
        for (const key of keys) terminal.write(key);
      }
      // Ctrl-C while the CLI runs: the terminal sends it to both.
      if (behaviour === 'wait' && data.includes('waiting')) terminal.write(KEYS.interrupt);
    });
    terminal.onExit(({ exitCode }) => resolve({ exitCode, text }));
  });
}

describe('without a cluster in prisma.yml, on a terminal', () => {
  test('shows all clusters with their status, and writes the chosen one, that line alone', async () => {
    const all = await three();
    const { exitCode, text } = await onTerminal(all, [KEYS.down, KEYS.enter]);
    expect(exitCode, text).toBe(0);
    expect(text).toMatch(/gone +http:\/\/127\.0\.0\.1:9 +offline/);
    expect(text).toMatch(/here +http:\S+ +online +1\.8\.3 +closed/);
    expect(text).toMatch(/locked +http:\S+ +online +1\.8\.3 +key refused/);
    expect(await all.yml()).toBe(OPEN.replace('now\r\n', 'now\r\ncluster: here\r\n'));
    expect([...all.here.services.keys()]).toEqual(['blog/dev']);
  });

  test('Ctrl-C at the question: exit 130, nothing deployed, nothing changed', async () => {
    const all = await three();
    const { exitCode, text } = await onTerminal(all, [KEYS.interrupt]);
    expect(exitCode, text).toBe(130);
    expect(text).toContain('prisma.yml is unchanged');
    expect([await all.yml(), await all.notes()]).toEqual([OPEN, undefined]);
  });

  test('Ctrl-C while the CLI runs: exit 130, prisma.yml restored', async () => {
    const all = await three();
    const { exitCode, text } = await onTerminal(all, [KEYS.down, KEYS.enter], 'wait');
    expect(exitCode, text).toBe(130);
    expect(await all.notes()).toMatchObject({ argv: ['deploy'] });
    expect(await all.yml()).toBe(OPEN);
  });

  test('an offline cluster can be chosen, and fails before anything is written', async () => {
    const all = await three();
    const { exitCode, text } = await onTerminal(all, [KEYS.enter]);
    expect([exitCode, text]).toEqual([3, expect.stringContaining('no Prisma 1 server answers')]);
    expect([await all.yml(), await all.notes()]).toEqual([OPEN, undefined]);
  });
});
