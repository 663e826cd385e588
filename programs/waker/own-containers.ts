import type { WakerAction, WakerContainer } from '../../cluster/functions/waker-protocol.js';
import { LABEL } from '../../cluster/names.js';
import type { CallEngine, EngineAnswer } from './engine-calls.js';

/** Whose containers they are: the cluster's identity; its name where it has none. */
export interface Owner {
  readonly cluster: string;
  readonly identity?: string | undefined;
}

/** The engine refused, or there is nothing to act on. */
export class Refused extends Error {
  constructor(
    readonly status: 404 | 409 | 502,
    message: string,
  ) {
    super(message);
  }
}

type Labels = Readonly<Record<string, string>>;

/** The labels without which a container is none of ours. */
const marksOf = ({ cluster, identity }: Owner): Labels => ({
  ...(identity === undefined ? { [LABEL.cluster]: cluster } : { [LABEL.identity]: identity }),
  [LABEL.role]: 'app',
  [LABEL.function]: 'true',
});

/** The containers of a cluster's functions, and no others of the engine. */
export class OwnContainers {
  readonly #marks: Labels;

  constructor(
    owner: Owner,
    private readonly call: CallEngine,
  ) {
    this.#marks = marksOf(owner);
  }

  /** @throws Refused, or what the call throws */
  async list(): Promise<WakerContainer[]> {
    const found = await this.#find([]);
    return found.map(({ Names, State, Status }) => ({
      name: (Names[0] ?? '').replace(/^\//, ''),
      state: State,
      status: Status,
    }));
  }

  /**
   * Does nothing when the container is that way already. A frozen one is woken before it is stopped: it could
   * not end by itself.
   * @throws Refused, or what the call throws
   */
  async act(name: string, action: WakerAction): Promise<void> {
    const { id, state } = await this.#look(name);
    if (state.Restarting && action !== 'stop') throw unfit(name, action, 'restarting');
    const how = state.Paused ? 'paused' : state.Running ? 'running' : 'stopped';
    for (const step of STEPS[action][how] ?? throwUnfit(name, action, how)) {
      accept(await this.call('POST', `/containers/${id}/${step}`));
    }
  }

  /** The id of a container, once its labels are seen to be ours: names can move, ids cannot. */
  async #look(name: string): Promise<{ id: string; state: EngineState }> {
    const candidates = await this.#find([`^/${name.replaceAll('.', '\\.')}$`]);
    const id = candidates.find(({ Names }) => Names.includes(`/${name}`))?.Id;
    if (id === undefined || !/^[0-9a-f]{64}$/.test(id)) throw unknown(name);
    const { body } = accept(await this.call('GET', `/containers/${id}/json`));
    const { Id, Name, Config, State } = body as Inspected;
    const isOurs = Object.entries(this.#marks).every(
      ([key, value]) => Config.Labels?.[key] === value,
    );
    if (Id !== id || Name !== `/${name}` || !isOurs) throw unknown(name);
    return { id, state: State };
  }

  async #find(names: readonly string[]): Promise<Listed[]> {
    const label = Object.entries(this.#marks).map(([key, value]) => `${key}=${value}`);
    const filters = JSON.stringify({ label, ...(names.length > 0 && { name: names }) });
    const path = `/containers/json?all=1&filters=${encodeURIComponent(filters)}`;
    return accept(await this.call('GET', path)).body as Listed[];
  }
}

interface Listed {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly State: string;
  readonly Status: string;
}

interface EngineState {
  readonly Running: boolean;
  readonly Paused: boolean;
  readonly Restarting: boolean;
}

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly Labels?: Labels | null };
  readonly State: EngineState;
}

type Steps = Partial<Record<'running' | 'paused' | 'stopped', readonly WakerAction[]>>;

/** The engine's calls for an action, by what the container does; without them it is refused. */
const STEPS: Readonly<Record<WakerAction, Steps>> = {
  pause: { running: ['pause'], paused: [] },
  unpause: { paused: ['unpause'], running: [] },
  start: { stopped: ['start'], running: [] },
  stop: { running: ['stop'], paused: ['unpause', 'stop'], stopped: [] },
};

const unknown = (name: string) => new Refused(404, `no function's container is called ${name}`);
const unfit = (name: string, action: string, how: string) =>
  new Refused(409, `${name} is ${how}: it cannot be told to ${action}`);
function throwUnfit(...args: Parameters<typeof unfit>): never {
  throw unfit(...args);
}

/** 304: it is that way already. */
function accept(answer: EngineAnswer): EngineAnswer {
  const { status, body } = answer;
  if ((status >= 200 && status < 300) || status === 304) return answer;
  const said = (body as { message?: unknown } | undefined)?.message;
  const message = typeof said === 'string' ? said : `the engine answers with ${status}`;
  throw new Refused(status === 404 || status === 409 ? status : 502, message);
}
