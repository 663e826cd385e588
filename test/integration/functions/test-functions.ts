import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import type Docker from 'dockerode';
import { applyFunctions } from '../../../apps/functions/apply-functions.js';
import { ensureRuntime } from '../../../apps/functions/ensure-runtime.js';
import { functionStates } from '../../../apps/functions/function-states.js';
import { resolveEngine } from '../../../clients/docker/address/resolve-engine.js';
import { BUNDLED_GATEWAY } from '../../../cluster/bundled-images.js';
import type { FunctionSpec } from '../../../cluster/functions/functions-document.js';
import type { FunctionReport } from '../../../cluster/functions/functions-report.js';
import { instanceName, LABEL } from '../../../cluster/names.js';
import { retryUntil } from '../../../lib/retry-until.js';
import { engineSocketOf } from '../../../targets/docker/apps-place.js';
import { engine } from '../../support/engine-traces.js';
import { TestObjects } from '../../support/test-containers.js';
import { FUNCTION_PROGRAM, PEER_PROGRAM } from './function-program.js';

/** An answer of the activator. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** What the program of a function tells. */
export interface State {
  readonly boot: string;
  readonly file: string;
  readonly served: number;
  readonly connection: number | null;
  readonly peer?: string;
}

/** Functions of a cluster without server: network, waker, activator and instances. */
export class TestFunctions extends TestObjects {
  readonly identity = randomUUID();
  /** Of the activator. */
  address = '';
  readonly #specs: Record<string, FunctionSpec> = {};

  override labelsOf = (role: string) => ({
    ...this.labels,
    [LABEL.identity]: this.identity,
    [LABEL.role]: role,
  });

  /** Makes the network, and starts waker and activator. */
  async start(): Promise<this> {
    await this.network();
    await this.ensure();
    return this;
  }

  async ensure() {
    const { Id } = await engine.getImage(BUNDLED_GATEWAY).inspect();
    const outcome = await ensureRuntime(engine, {
      ...{ cluster: this.name, project: '/nowhere/.clusterkit', identity: this.identity },
      image: Id,
      socketPath: engineSocketOf((await resolveEngine(process.env)).host),
    });
    await this.findAddress();
    return outcome;
  }

  /** The activator's address on the test's network; it may have another one after a restart. */
  async findAddress(): Promise<void> {
    const { NetworkSettings } = await this.get('activator').inspect();
    this.address = NetworkSettings.Networks[this.nameOf('network')]?.IPAddress ?? '';
  }

  get(role: string): Docker.Container {
    return engine.getContainer(this.nameOf(role));
  }

  instance(app: string, release: string, number: number): Docker.Container {
    return engine.getContainer(instanceName(this.name, app, release, number));
  }

  /** Creates instances of a release; none is started. */
  async create(
    app: string,
    { release = 'r1', count = 1, env = {} as Record<string, string>, memoryMb = 128 } = {},
  ): Promise<string[]> {
    const names: string[] = [];
    for (let number = 1; number <= count; number++) {
      const name = instanceName(this.name, app, release, number);
      names.push(name);
      await this.container('app', {
        name,
        Image: BUNDLED_GATEWAY,
        Cmd: ['node', '-e', FUNCTION_PROGRAM],
        Env: Object.entries({ PORT: '8080', ...env }).map(([key, value]) => `${key}=${value}`),
        Labels: {
          ...this.labelsOf('app'),
          [LABEL.app]: app,
          [LABEL.release]: release,
          [LABEL.function]: 'true',
        },
        Healthcheck: { Test: ['NONE'] },
        StopTimeout: 1,
        HostConfig: {
          ...{ Init: true, NetworkMode: this.nameOf('network'), Memory: memoryMb * 2 ** 20 },
          RestartPolicy: { Name: 'no' },
        },
      });
    }
    return names;
  }

  /** A container beside the functions to which they connect; its name. */
  async peer(): Promise<string> {
    const name = this.nameOf('peer');
    const peer = await this.container('peer', {
      ...{ name, Image: BUNDLED_GATEWAY, Cmd: ['node', '-e', PEER_PROGRAM] },
      Healthcheck: { Test: ['NONE'] },
      HostConfig: { Init: true, NetworkMode: this.nameOf('network') },
    });
    await peer.start();
    return name;
  }

  /** Puts a function in force, beside the others. @param instances their names */
  async apply(app: string, instances: readonly string[], spec: Partial<FunctionSpec> = {}) {
    this.#specs[app] = { ...DEFAULTS, instances, ...spec };
    return applyFunctions(engine, this.name, { functions: this.#specs });
  }

  async remove(app: string) {
    delete this.#specs[app];
    return applyFunctions(engine, this.name, { functions: this.#specs });
  }

  ask(
    app: string,
    path = '/',
    { method = 'GET', body, headers = {} }: Asked = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asking = request(
        {
          ...{ host: this.address, port: 8000, path, method, agent: false },
          headers: { 'x-clusterkit-function': app, ...headers },
        },
        async (answer) => {
          try {
            let text = '';
            for await (const part of answer.setEncoding('utf8')) text += part;
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
          } catch (error) {
            reject(error);
          }
        },
      );
      asking.once('error', reject);
      asking.end(body);
    });
  }

  /** Opens a WebSocket, sends a text (the program does not care for frames), and returns what comes back. */
  webSocket(app: string, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'x-clusterkit-function': app };
      const asking = request({ host: this.address, port: 8000, agent: false, headers: upgrade });
      asking.once('error', reject);
      asking.once('response', ({ statusCode }) => reject(new Error(`answered with ${statusCode}`)));
      asking.once('upgrade', (_, socket) => {
        socket.once('data', (data) => {
          resolve(String(data));
          socket.destroy();
        });
        socket.write(text);
      });
      asking.end();
    });
  }

  /** What a function's program tells of itself. */
  async state(app: string, path = '/'): Promise<State> {
    const { status, text } = await this.ask(app, path);
    if (status !== 200) throw new Error(`${status}: ${text}`);
    return JSON.parse(text);
  }

  async report(app: string): Promise<FunctionReport> {
    const { functions } = await functionStates(engine, this.name);
    const report = functions[app];
    if (report === undefined) throw new Error(`there is no function ${app}`);
    return report;
  }

  /** Waits until the report of a function fits. */
  async until(app: string, fits: (report: FunctionReport) => boolean): Promise<FunctionReport> {
    return retryUntil(
      async () => {
        const report = await this.report(app);
        if (fits(report)) return report;
        throw new Error(`it does not fit: ${JSON.stringify(report)}`);
      },
      { timeoutMs: 30_000 },
    );
  }

  untilStates(app: string, ...states: string[]): Promise<FunctionReport> {
    return this.until(app, ({ instances }) => `${instances.map((i) => i.state)}` === `${states}`);
  }
}

interface Asked {
  readonly method?: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const DEFAULTS: Omit<FunctionSpec, 'instances'> = {
  ...{ release: 'r1', port: 8080, concurrency: 10, queue: 100 },
  ...{ waitMs: 30_000, timeoutMs: 20_000, idleMs: null, stopMs: null },
};
