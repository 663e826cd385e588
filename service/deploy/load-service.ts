import { join, resolve } from 'node:path';
import { usageError } from '../../lib/errors.js';
import { readTextFile } from '../../lib/read-text-file.js';
import { restoreLeftover } from '../prisma-cli/changed-for-run.js';
import { parseDotEnv } from '../prisma-yml/dot-env.js';
import { type FoundDefinition, findPrismaYml } from '../prisma-yml/find-prisma-yml.js';
import type { VariableSources } from '../prisma-yml/interpolate.js';
import { readService } from '../prisma-yml/read-service.js';
import type { Service } from '../prisma-yml/service.js';

/** Location of a service, and the sources of its variables. */
export interface ServiceRequest {
  /** Absolute. */
  readonly directory: string;
  /** `--project`, absolute. */
  readonly project: string | undefined;
  /** `--env-file`, absolute. */
  readonly envFile: string | undefined;
  readonly flags: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A service as read from disk. */
export interface LoadedService {
  readonly definition: FoundDefinition;
  readonly service: Service;
  /** The environment, with the variables of `.env`. */
  readonly sources: Pick<VariableSources, 'env' | 'opt'>;
  readonly dotEnv: Readonly<Record<string, string>>;
  /** A killed run had left its line in prisma.yml; the old line is restored. */
  readonly wasRestored: boolean;
}

/** Finds and reads a service. @throws KitError (exit 2) with all problems */
export async function loadService(request: ServiceRequest): Promise<LoadedService> {
  const definition = await findPrismaYml(request.directory, request.project);
  const wasRestored = await restoreLeftover(definition.file);
  const dotEnv = await readDotEnv(request);
  const sources = { env: { ...dotEnv, ...definedOf(request.env) }, opt: request.flags };
  const service = await readService(definition.file, sources);
  return { definition, service, sources, dotEnv, wasRestored };
}

async function readDotEnv({ directory, envFile }: ServiceRequest): Promise<Record<string, string>> {
  const file = envFile ?? join(resolve(directory), '.env');
  try {
    return parseDotEnv(await readTextFile(file));
  } catch (cause) {
    if (envFile === undefined) return {};
    const reason = cause instanceof Error ? cause.message : cause;
    const message = `cannot read ${envFile}: ${reason}`;
    throw usageError('env-file-missing', { path: '--env-file', message, cause });
  }
}

const definedOf = (env: ServiceRequest['env']) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
