import { execFile } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

/**
 * The oldest releases that run the kit's stacks. `terraform_data`, which runs the stages, came with Terraform 1.4;
 * every OpenTofu has it.
 */
export const OLDEST = { Terraform: '1.4.0', OpenTofu: '1.6.0' } as const;

/** Another program may have the name: it ends by then, or is not Terraform. */
const TIMEOUT_MS = 20_000;

/** What a program says of itself. */
export type FoundTerraform =
  | { readonly kind: 'right' }
  | { readonly kind: 'old'; readonly product: keyof typeof OLDEST; readonly version: string }
  | { readonly kind: 'unusable'; readonly reason: string };

/** Asks a program for its version. Never fails. */
export const askTerraform = (binary: string, env: NodeJS.ProcessEnv): Promise<FoundTerraform> =>
  new Promise((resolve) => {
    const options = { env, timeout: TIMEOUT_MS };
    const child = execFile(binary, ['version'], options, (error, stdout, stderr) => {
      const reason = reasonIn(`${stderr}\n${stdout}`) ?? error?.message ?? 'it prints no version';
      resolve(readVersion(stdout) ?? { kind: 'unusable', reason });
    });
    child.stdin?.end();
  });

/** Judges the text of `terraform version`; `undefined` when it has no version. */
export function readVersion(text: string): FoundTerraform | undefined {
  const found = /^(Terraform|OpenTofu) v(\d+)\.(\d+)\.(\d+)/m.exec(stripVTControlCharacters(text));
  if (found === null) return undefined;
  const product = found[1] as keyof typeof OLDEST;
  const version = found.slice(2, 5).map(Number);
  const oldest = OLDEST[product].split('.').map(Number);
  const at = version.findIndex((part, i) => part !== oldest[i]);
  const isOld = at >= 0 && (version[at] ?? 0) < (oldest[at] ?? 0);
  return isOld ? { kind: 'old', product, version: version.join('.') } : { kind: 'right' };
}

const reasonIn = (text: string): string | undefined =>
  stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '');
