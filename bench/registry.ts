import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { textTable } from '../cli/text-table.js';
import { newKeyPair } from '../cluster/keys/key-pair.js';
import { inScratch, median } from './timing.js';

const OPERATION = fileURLToPath(new URL('./registry-operation.js', import.meta.url));
const SIZES = [10, 1_000];
/** For each operation at the largest size, in milliseconds. */
const GOAL_MS = 1_000;

/**
 * Add, remove and list (offline) at several sizes, each in a fresh process, beside parsing and
 * printing the same file once with the same library.
 */
export async function run(args: string[]): Promise<void> {
  const rounds = Number(args[0] ?? 3);
  const rows = [['entries', 'parse+print', 'add', 'remove', 'list', 'add ratio', 'remove', 'list']];
  await inScratch(async (directory) => {
    for (const size of SIZES) rows.push(await rowOf(directory, size, rounds));
  });
  process.stdout.write(
    [
      `Medians of ${rounds} rounds, ms beyond process start; ratios to parse+print.`,
      textTable(rows),
      `Goal: each operation at ${SIZES.at(-1)} entries under ${GOAL_MS} ms.`,
      '',
    ].join('\n'),
  );
}

async function rowOf(directory: string, size: number, rounds: number): Promise<string[]> {
  const template = join(directory, `${size}.yml`);
  await writeFile(template, await registryOf(size));
  const times = { print: [], add: [], remove: [], list: [] } as Record<Operation, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    const path = join(directory, `${size}-${round}.yml`);
    await copyFile(template, path);
    for (const operation of OPERATIONS) {
      const { stdout } = await execa(process.execPath, [OPERATION, operation, path]);
      times[operation].push(Number(stdout));
    }
  }
  const [print = 1, ...others] = OPERATIONS.map((operation) => median(times[operation]));
  return [
    String(size),
    ...[print, ...others].map((ms) => ms.toFixed(ms < 10 ? 1 : 0)),
    ...others.map((ms) => (ms / print).toFixed(2)),
  ];
}

const OPERATIONS = ['print', 'add', 'remove', 'list'] as const;
type Operation = (typeof OPERATIONS)[number];

/** A registry as the kit writes it, with a real key in each entry. */
async function registryOf(size: number): Promise<string> {
  const { privateKey } = await newKeyPair();
  const secret = JSON.stringify(privateKey.reveal());
  const entries = Array.from(
    { length: size },
    (_, n) => `  c${n}:\n    host: 'http://host-${n}:4466'\n    clusterSecret: ${secret}\n`,
  );
  return `clusters:\n${entries.join('')}`;
}
