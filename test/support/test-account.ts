import type { DropletSpec } from './digitalocean/api/droplet-runtime.js';
import {
  type ApiOptions,
  type DigitalOceanApi,
  startDigitalOceanApi,
  TEST_TOKEN,
} from './digitalocean/api/server.js';
import type { BirthFault } from './digitalocean/droplets/birth-faults.js';
import type { ContainerDroplet } from './digitalocean/droplets/container-droplet.js';
import { ContainerDroplets } from './digitalocean/droplets/container-droplets.js';
import { IMAGES } from './test-project.js';

/** What a {@link TestAccount} may be told. */
export interface TestAccountProps extends Omit<ApiOptions, 'runtime'> {
  /**
   * The engines of droplets have the bundled images from birth, which saves their way there.
   * @default true
   */
  readonly hasImages?: boolean;
}

/** A droplet of the account. */
export interface TestDroplet {
  readonly id: number;
  readonly name: string;
  /** `undefined` as long as the API does not know it. */
  readonly host: string | undefined;
}

const ACTION_MS = 120_000;

/** A DigitalOcean account of a test's own, in this process, whose droplets are containers. */
export class TestAccount {
  /** What is wrong with the droplets that are made from now on. */
  birthFaults: readonly BirthFault[] = [];

  private constructor(
    readonly api: DigitalOceanApi,
    readonly droplets: ContainerDroplets,
  ) {}

  static async open({ hasImages = true, ...options }: TestAccountProps = {}): Promise<TestAccount> {
    let faultsOf = (_spec: DropletSpec): readonly BirthFault[] => [];
    const droplets = await ContainerDroplets.open({
      faultsOf: (spec) => faultsOf(spec),
      ...(hasImages && { images: [IMAGES.server, IMAGES.database] }),
    });
    const api = await startDigitalOceanApi({ ...options, runtime: droplets });
    const account = new TestAccount(api, droplets);
    faultsOf = () => account.birthFaults;
    return account;
  }

  /** One call with the right token. @throws Error when it is refused */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.api.url + path, {
      method,
      headers: { authorization: `Bearer ${TEST_TOKEN}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** The droplets as the API tells them. */
  async list(): Promise<TestDroplet[]> {
    const { droplets } = (await this.call('GET', '/v2/droplets')) as {
      droplets: {
        id: number;
        name: string;
        networks: { v4: { type: string; ip_address: string }[] };
      }[];
    };
    return droplets.map(({ id, name, networks }) => ({
      id,
      name,
      host: networks.v4.find(({ type }) => type === 'public')?.ip_address,
    }));
  }

  /** The only droplet. @throws Error when there is none, or several */
  async only(): Promise<TestDroplet & { readonly host: string }> {
    const [first, ...more] = await this.list();
    if (first?.host === undefined || more.length > 0) throw new Error('not exactly one droplet');
    return { ...first, host: first.host };
  }

  /** What is behind the only droplet: hardware and console. */
  async machine(): Promise<ContainerDroplet> {
    return this.droplets.droplet((await this.only()).id);
  }

  /** `reboot`, `power_cycle`, … the only droplet, and waits until the API says that it is done. */
  async act(type: string): Promise<void> {
    const { id } = await this.only();
    const { action } = (await this.call('POST', `/v2/droplets/${id}/actions`, { type })) as {
      action: { id: number };
    };
    const deadline = performance.now() + ACTION_MS;
    for (;;) {
      const answer = (await this.call('GET', `/v2/actions/${action.id}`)) as {
        action: { status: string };
      };
      if (answer.action.status === 'completed') return;
      if (answer.action.status === 'errored' || performance.now() > deadline) {
        throw new Error(`${type} of droplet ${id}: ${answer.action.status}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** The objects that are left, as `type name`, sorted. */
  left(): string[] {
    return this.api
      .objects()
      .map(({ type, name }) => `${type} ${name}`)
      .sort();
  }

  /** Ends the API, and removes the droplets with all that is theirs. */
  async dispose(): Promise<void> {
    try {
      await this.api.close();
    } finally {
      await this.droplets.dispose();
    }
  }
}

/**
 * Requests that changed something on an account, from the `from`th on, as `POST /v2/droplets`. The kit
 * also asks for what nobody can have, to be told whether its token might: those are refused.
 */
export const changesTo = ({ api }: TestAccount, from = 0): string[] =>
  api.requests
    .slice(from)
    .filter(({ method, outcome }) => method !== 'GET' && !(Number(outcome) >= 400))
    .map(({ method, path }) => `${method} ${path}`);
