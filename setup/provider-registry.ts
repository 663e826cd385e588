import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SetupContext } from './setup-context.js';

const DISCOVERY = 'https://registry.terraform.io/.well-known/terraform.json';
const ASK_TIMEOUT_MS = 3000;
const REMEMBERED_MS = 24 * 60 * 60 * 1000;

/**
 * Whether Terraform can download providers: asks the registry once, and remembers a yes for a day.
 * Assumes yes behind a proxy, which Node.js does not use.
 */
export async function registryAnswers(
  { cacheDir, env }: Pick<SetupContext, 'cacheDir' | 'env'>,
  now: number,
): Promise<boolean> {
  if (env.HTTPS_PROXY || env.https_proxy) return true;
  const memory = join(cacheDir, 'provider-registry-answered');
  const answered = await stat(memory).catch(() => undefined);
  if (answered !== undefined && now - answered.mtimeMs < REMEMBERED_MS) return true;
  const yes = await ask();
  if (yes) {
    await mkdir(dirname(memory), { recursive: true, mode: 0o700 });
    await writeFile(memory, '');
  }
  return yes;
}

async function ask(): Promise<boolean> {
  try {
    const response = await fetch(DISCOVERY, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    const document = (await response.json()) as Record<string, unknown>;
    return response.ok && typeof document['providers.v1'] === 'string';
  } catch {
    return false;
  }
}
