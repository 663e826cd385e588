import { megabytes } from '../memory.js';
import { milliseconds } from './duration.js';
import type { AppEntry } from './schema.js';
import {
  type AppSecret,
  type AppService,
  type AppSettings,
  type AppSource,
  FUNCTION_PORT,
} from './settings.js';

const DEFAULT = { memoryMb: 256, drain: '30s', timeout: '60s', connections: 10 } as const;
const FUNCTION = { instances: 2, concurrency: 10, idle: '30s', stop: '15m' } as const;

/** The applications of a cluster, with defaults, by name. */
export const appsPart = (entries: Readonly<Record<string, AppEntry>> = {}): AppSettings[] =>
  Object.entries(entries)
    .map(([name, entry]) => appPart(name, entry))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Is it a function? An image is one when it has a setting that only functions have. */
export const isFunction = (entry: AppEntry): boolean =>
  [entry.function, entry.idle, entry.stop, entry.concurrency].some((each) => each !== undefined);

function appPart(name: string, entry: AppEntry): AppSettings {
  const kind = isFunction(entry) ? 'function' : 'app';
  const instances = entry.instances ?? (kind === 'function' ? FUNCTION.instances : 1);
  const { health, sources, command, release, service, memory } = entry;
  const connections = entry.connections ?? (kind === 'function' ? instances : DEFAULT.connections);
  return {
    ...{ name, kind, instances },
    source: sourcePart(entry),
    ...portsPart(entry, kind),
    domains: [entry.domain ?? []].flat(),
    ...(sources && { sources }),
    ...(health !== undefined && { health }),
    ...(command !== undefined && { command: argvOf(command) }),
    ...(release !== undefined && { release: argvOf(release) }),
    env: Object.fromEntries(
      Object.entries(entry.env ?? {}).map(([key, value]) => [key, String(value)]),
    ),
    secrets: (entry.secrets ?? []).map(secretPart),
    ...(service !== undefined && { service: servicePart(service) }),
    ...(entry.database && { database: { connections } }),
    memoryMb: memory === undefined ? DEFAULT.memoryMb : megabytes(memory),
    drainMs: milliseconds(entry.drain ?? DEFAULT.drain),
    timeoutMs: milliseconds(entry.timeout ?? DEFAULT.timeout),
    ...(kind === 'function' && {
      function: {
        idleMs: timePart(entry.idle ?? FUNCTION.idle),
        stopMs: timePart(entry.stop ?? FUNCTION.stop),
        concurrency: entry.concurrency ?? FUNCTION.concurrency,
      },
    }),
  };
}

const timePart = (value: string | false) => (value === false ? null : milliseconds(value));

/** The port of an instance, and the one of the machine. A function always listens on the same. */
function portsPart(
  { port, domain }: AppEntry,
  kind: AppSettings['kind'],
): Pick<AppSettings, 'port' | 'published'> {
  const [first, second] = String(port ?? '')
    .split(':')
    .map(Number);
  const own = kind === 'function' || port === undefined ? FUNCTION_PORT : (second ?? first);
  const isPublished = port !== undefined && (domain === undefined || second !== undefined);
  const isReached = kind === 'function' || port !== undefined || domain !== undefined;
  const published = kind === 'function' ? port !== undefined : isPublished;
  return {
    ...(isReached && own !== undefined && { port: own }),
    ...(published && first !== undefined && { published: first }),
  };
}

function sourcePart(entry: AppEntry): AppSource {
  if (entry.image !== undefined) return { kind: 'image', image: entry.image };
  if (entry.build !== undefined) return { kind: 'build', directory: entry.build };
  return { kind: 'function', path: entry.function ?? '' };
}

const argvOf = (command: string | readonly string[]): readonly string[] =>
  typeof command === 'string' ? ['sh', '-c', command] : command;

function secretPart(secret: NonNullable<AppEntry['secrets']>[number]): AppSecret {
  if (typeof secret === 'string') return { name: secret, from: { env: secret } };
  const { name } = secret;
  return { name, from: 'env' in secret ? { env: secret.env } : { file: secret.file } };
}

function servicePart(service: NonNullable<AppEntry['service']>): AppService {
  if (typeof service !== 'string') return { directory: service.directory };
  const [name = '', stage = ''] = service.split('/');
  return { name, stage };
}
