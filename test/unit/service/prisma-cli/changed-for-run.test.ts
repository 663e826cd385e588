import { chmod, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  restoreLeftover,
  withChangedFile,
} from '../../../../service/prisma-cli/changed-for-run.js';
import { setForRun } from '../../../../service/prisma-yml/cluster-line.js';
import { replaceText } from '../../../../service/prisma-yml/replace-file.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const BEFORE = 'service: a\r\nstage: dev\r\ncluster: "home"  # mine\r\n';

async function service(text = BEFORE) {
  const file = join(await temporaryDirectory(), 'prisma.yml');
  await writeFile(file, text);
  await chmod(file, 0o640);
  return { file, text: () => readFile(file, 'utf8') };
}
const keep = () => true;

test('for one run: changed while it lasts, put back after success and failure alike', async () => {
  const { file, text } = await service();
  const change = { kind: 'for-run', cluster: 'away' } as const;
  const seen = await withChangedFile(file, change, text, keep);
  expect(seen).toBe(setForRun(BEFORE, 'away'));
  expect(await text()).toBe(BEFORE);
  const failing = withChangedFile(file, change, () => Promise.reject(new Error('no')), keep);
  await expect(failing).rejects.toThrow('no');
  expect(await text()).toBe(BEFORE);
  expect((await stat(file)).mode & 0o777).toBe(0o640);
});

test('keeps changes of others', async () => {
  const { file, text } = await service();
  const more = async () => writeFile(file, `${await text()}secret: x\n`);
  await withChangedFile(file, { kind: 'for-run', cluster: 'away' }, more, keep);
  expect(await text()).toBe(`${BEFORE}secret: x\n`);
});

test('a permanent change, reverted after an error or a rejected result', async () => {
  const { file, text } = await service('service: a\nstage: dev');
  const change = { kind: 'write', cluster: 'home' } as const;
  await withChangedFile(
    file,
    change,
    async () => 1,
    () => false,
  );
  expect(await text()).toBe('service: a\nstage: dev');
  await withChangedFile(file, change, () => Promise.reject(new Error()), keep).catch(() => {});
  expect(await text()).toBe('service: a\nstage: dev');
  await withChangedFile(file, change, async () => 1, keep);
  expect(await text()).toBe('service: a\nstage: dev\ncluster: home');
  await withChangedFile(file, { kind: 'none', cluster: 'x' }, async () => 1, keep);
  expect(await text()).toBe('service: a\nstage: dev\ncluster: home');
});

test('remembered in a comment, through a link that stays one', async () => {
  const { file } = await service('endpoint: x\n');
  const link = `${file}.link`;
  await symlink(file, link);
  await withChangedFile(link, { kind: 'remember', cluster: 'home' }, async () => 1, keep);
  expect(await readFile(file, 'utf8')).toBe('endpoint: x\n# cluster: home\n');
});

test('restores the line of a killed run; waits for a running one', async () => {
  const { file, text } = await service();
  expect(await restoreLeftover(file)).toBe(false);
  await writeFile(file, setForRun(BEFORE, 'away'));
  expect(await restoreLeftover(file)).toBe(true);
  expect(await text()).toBe(BEFORE);
  const order: string[] = [];
  let end = () => {};
  const running = new Promise<void>((resolve) => {
    end = resolve;
  });
  const first = withChangedFile(file, { kind: 'for-run', cluster: 'away' }, () => running, keep);
  while ((await text()) === BEFORE) await new Promise((resolve) => setTimeout(resolve, 5));
  const second = restoreLeftover(file).then((was) => order.push(`second ${was}`));
  await new Promise((resolve) => setTimeout(resolve, 100));
  order.push('first ends');
  end();
  await Promise.all([first, second]);
  expect(order).toEqual(['first ends', 'second false']);
  expect(await text()).toBe(BEFORE);
});

test('a file that cannot be read or written: exit 3', async () => {
  const file = join(await temporaryDirectory(), 'none', 'prisma.yml');
  const unreadable = await kitErrorOf(() => restoreLeftover(file));
  expect(unreadable).toMatchObject({ code: 'prisma-yml-unreadable', exitCode: 3 });
  const unwritable = await kitErrorOf(() => replaceText(file, ''));
  expect(unwritable).toMatchObject({ code: 'prisma-yml-unwritable', exitCode: 3 });
  const { file: binary } = await service();
  await writeFile(binary, Buffer.from([0x61, 0xff]));
  expect(await kitErrorOf(() => restoreLeftover(binary))).toMatchObject({ exitCode: 3 });
});

test('a run that relies on the line keeps it until it has ended', async () => {
  const { file, text } = await service();
  const seen: string[] = [];
  const holding = withChangedFile(
    file,
    { kind: 'hold', cluster: 'home' },
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      seen.push(await text());
    },
    keep,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  const changing = withChangedFile(
    file,
    { kind: 'for-run', cluster: 'away' },
    async () => seen.push(await text()),
    keep,
  );
  await Promise.all([holding, changing]);
  expect(seen).toEqual([BEFORE, setForRun(BEFORE, 'away')]);
  expect(await text()).toBe(BEFORE);
});
