import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestAuthority } from '../../certificates.js';
import { answering } from './answering.js';
import { noDatabases } from './database-runtime.js';
import { type Delays, NO_DELAYS } from './delays.js';
import { type DropletRuntime, noRuntime } from './droplet-runtime.js';
import { type Faults, faultList } from './faults.js';
import { identifiers } from './identifiers.js';
import { type LeftOver, leftOvers } from './left-overs.js';
import type { LoggedRequest } from './request-log.js';
import { resourceRoutes } from './resources/all.js';
import { route } from './route.js';
import { schedule } from './schedule.js';
import { emptyState } from './state.js';
import type { AccountFacts, World } from './world.js';

/** A token that may do everything on every fake account that is given no other. */
export const TEST_TOKEN = `dop_v1_${'7e57'.repeat(16)}`;

/** All optional; what is left out is as a fresh account of the real one would be. */
export interface ApiOptions {
  /** Default {@link noRuntime}: droplets are made up. */
  readonly runtime?: DropletRuntime;
  /** Default {@link NO_DELAYS}. */
  readonly time?: Partial<Delays>;
  /** Milliseconds since 1970. Default `Date.now`; a test may turn it. */
  readonly now?: () => number;
  /** Tokens with their scopes; `*` is every scope. Default: {@link TEST_TOKEN} with `*`. */
  readonly tokens?: Readonly<Record<string, '*' | readonly string[]>>;
  readonly account?: Partial<AccountFacts>;
  /** Serve `/_control/requests`, without a token. For a process of its own. */
  readonly control?: boolean;
}

/** A running fake account. */
export interface DigitalOceanApi {
  /** `http://127.0.0.1:port`, for `DIGITALOCEAN_API_URL` and `api_endpoint`. */
  readonly url: string;
  readonly faults: Faults;
  /** Every request so far, oldest first, without tokens. */
  readonly requests: readonly LoggedRequest[];
  /** What the runtime threw; the API only says `errored`. */
  readonly runtimeErrors: readonly Error[];
  /** Everything on the account that is not there from the start. Empty: nothing left. */
  objects(): LeftOver[];
  /** What a droplet was given at creation: no answer of the API contains it. */
  userData(dropletId: number): string | undefined;
  /** Until the runtime has no work under way. */
  idle(): Promise<void>;
  /** Cuts all connections. The runtime's droplets stay; destroying them is the test's affair. */
  close(): Promise<void>;
}

const FRESH_ACCOUNT: AccountFacts = {
  email: 'test@example.com',
  status: 'active',
  statusMessage: '',
  dropletLimit: 10,
  volumeLimit: 100,
  reservedIpLimit: 3,
};

/** Starts a fake DigitalOcean API on loopback. */
export async function startDigitalOceanApi(options: ApiOptions = {}): Promise<DigitalOceanApi> {
  const { now = Date.now } = options;
  let authority: Promise<TestAuthority> | undefined;
  const world: World = {
    account: { ...FRESH_ACCOUNT, ...options.account },
    state: emptyState(),
    injected: { actionFails: false },
    ids: identifiers(),
    runtime: options.runtime ?? noRuntime(),
    databases: options.runtime?.databases ?? noDatabases,
    authority: () => (authority ??= TestAuthority.create()),
    schedule: schedule(now),
    delays: { ...NO_DELAYS, ...options.time },
    now,
    runtimeErrors: [],
  };
  const faults = faultList();
  const requests: LoggedRequest[] = [];
  const objects = () => {
    world.schedule.look();
    return leftOvers(world.state);
  };
  const log = route('GET', '/_control/requests', undefined, () => ({
    status: 200,
    body: requests,
  }));
  const answer = answering({
    world,
    routes: resourceRoutes(world),
    controls: options.control ? [log] : [],
    faults,
    requests,
    tokens: options.tokens ?? { [TEST_TOKEN]: '*' },
  });
  const server = createServer(answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    requests,
    runtimeErrors: world.runtimeErrors,
    objects,
    userData: (id) => world.state.droplets.get(id)?.userData,
    idle: () => world.schedule.idle(),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await world.schedule.idle();
    },
  };
}
