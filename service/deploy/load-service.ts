import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { usageError } from '../../lib/errors.js';
import { putBackLeftOver } from '../prisma-cli/changed-for-run.js';
import { parseDotEnv } from '../prisma-yml/dot-env.js';
import { type FoundDefinition, findPrismaYml } from '../prisma-yml/find-prisma-yml.js';
import type { VariableSources } from '../prisma-yml/interpolate.js';
import { readService } from '../prisma-yml/read-service.js';
import type { Service } from '../prisma-yml/service.js';

/** Which service, and where its variables come from. */
export interface ServiceWish {
  /** Absolute. */
  readonly directory: string;
  /** `--project`, absolute. */
  readonly project: string | undefined;
  /** `--env-file`, absolute. */
  readonly envFile: string | undefined;
  readonly flags: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A service as it is on disk. */
export interface LoadedService {
  readonly definition: FoundDefinition;
  readonly service: Service;
  /** The environment, with what `.env` adds. */
  readonly sources: Pick<VariableSources, 'env' | 'opt'>;
  readonly dotEnv: Readonly<Record<string, string>>;
  /** A run that was killed had left its line in prisma.yml; it is put back. */
  readonly wasPutBack: boolean;
}

/** Finds and reads a service. @throws KitError (exit 2) with all that is wrong with it */
export async function loadService(wish: ServiceWish): Promise<LoadedService> {
  const definition = await findPrismaYml(wish.directory, wish.project);
  const wasPutBack = await putBackLeftOver(definition.file);
  const dotEnv = await readDotEnv(wish);
  const sources = { env: { ...dotEnv, ...definedOf(wish.env) }, opt: wish.flags };
  const service = await readService(definition.file, sources);
  return { definition, service, sources, dotEnv, wasPutBack };
}

async function readDotEnv({ directory, envFile }: ServiceWish): Promise<Record<string, string>> {
  const file = envFile ?? join(resolve(directory), '.env');
  try {
    return parseDotEnv(await readFile(file, 'utf8'));
  } catch {
    if (envFile === undefined) return {};
    throw usageError('env-file-missing', { path: '--env-file', message: `cannot read ${envFile}` });
  }
}

const definedOf = (env: ServiceWish['env']) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
