import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An entry as block lines below `clusters:`. */
export const entryText = (name: string, host: string, secret?: string): string =>
  `  ${name}:\n    host: ${host}\n${secret === undefined ? '' : `    clusterSecret: ${JSON.stringify(secret)}\n`}`;

/** The findings of `doctor --json`, each as its code and entry. */
export const codesOf = (result: { findings: { code: string; entry: string | null }[] }): string[] =>
  result.findings.map(({ code, entry }) => (entry === null ? code : `${code} ${entry}`));

/** Every file below `directory` with its bytes. */
export async function snapshot(directory: string): Promise<Record<string, string>> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = names
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
  const texts = await Promise.all(
    files.map(async (file) => [file, (await readFile(file)).toString('latin1')] as const),
  );
  return Object.fromEntries(texts);
}
