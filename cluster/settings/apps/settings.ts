/** Names appear in names of containers and hosts: letters, digits and dashes. */
export const APP_NAME = /^[a-z][a-z0-9-]{0,29}$/;

/** Port on which every function listens (`PORT`). */
export const FUNCTION_PORT = 8080;

/** The complete settings of one application: `clusters.<name>.apps.<app>`. */
export interface AppSettings {
  readonly name: string;
  /** `app`: its instances always run. `function`: they run while there are requests. */
  readonly kind: 'app' | 'function';
  readonly source: AppSource;
  /** Port on which an instance listens. @default - none: it receives no requests */
  readonly port?: number;
  /** Port of the machine that leads to it. @default - none */
  readonly published?: number;
  /** Host names that lead to it, by https. */
  readonly domains: readonly string[];
  /** Addresses that may reach the published port and the host names, where a target can bound them. @default - everybody */
  readonly sources?: readonly string[];
  /** Path that answers with 200 when an instance can serve. @default - its port accepts connections */
  readonly health?: string;
  /** @default - the image's own */
  readonly command?: readonly string[];
  /** Runs once in a container of its own, before the new release gets requests. @default - nothing */
  readonly release?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly AppSecret[];
  /** The service that it uses. @default - none */
  readonly service?: AppService;
  /** It uses the database directly, with at most so many connections. @default - it does not */
  readonly database?: { readonly connections: number };
  readonly instances: number;
  /** Of each instance. */
  readonly memoryMb: number;
  /** Longest wait for requests that run while a release is replaced, in ms. */
  readonly drainMs: number;
  /** Longest time of a request, in ms; of an `app`, the longest time without a byte. */
  readonly timeoutMs: number;
  /** Functions only. */
  readonly function?: FunctionSettings;
}

/** How a function is put to sleep and woken. */
export interface FunctionSettings {
  /** Time without requests after which an instance is frozen, in ms. `null`: never. */
  readonly idleMs: number | null;
  /** Time without requests after which an instance is stopped, in ms. `null`: never. */
  readonly stopMs: number | null;
  /** Requests of one instance at the same time. */
  readonly concurrency: number;
}

/** Where its image comes from; paths as in `clusters.yml`. */
export type AppSource =
  | { readonly kind: 'image'; readonly image: string }
  /** A directory with a `Dockerfile`. */
  | { readonly kind: 'build'; readonly directory: string }
  /** A directory with a `package.json`, or one file. */
  | { readonly kind: 'function'; readonly path: string };

/** A secret of an application, which it receives as a variable. */
export interface AppSecret {
  /** Name of the variable. */
  readonly name: string;
  /** Name of an environment variable of the operator, or a path as in `clusters.yml`. */
  readonly from: { readonly env: string } | { readonly file: string };
}

/** A service and its stage; or the directory of its `prisma.yml`, which also has its secret. */
export type AppService =
  | { readonly name: string; readonly stage: string }
  | { readonly directory: string };
