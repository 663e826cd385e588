import { join } from 'node:path';
import { projectOf } from '../../cluster/project.js';
import type { ClusterSettings } from '../../cluster/settings/settings.js';
import { type ClusterContext, openContext, type UpOptions } from '../../targets/context.js';
import { temporaryDirectory } from './temporary-directory.js';

/** The context of a command, in a project that ends with the running test. */
export interface TestContext extends ClusterContext {
  /** Directory of the project, and of everything else that the command may touch. */
  readonly home: string;
  /** What the command reported: `done`, `detail` or `warn`, its text, and a duration. */
  readonly reports: string[];
  /** What it warned of. */
  readonly warnings: string[];
}

/** What {@link testContext} starts from. */
export interface TestContextProps {
  readonly settings?: ClusterSettings | undefined;
  /** @default - the settings' */
  readonly cluster?: string;
  /** @default - empty */
  readonly env?: NodeJS.ProcessEnv;
  /** @default true */
  readonly runsHere?: boolean;
  readonly options?: Partial<UpOptions>;
  /** Called with every warning. */
  readonly onWarning?: (text: string) => void;
}

/** Opens the context of `clusterkit up` in a project of its own. */
export async function testContext(props: TestContextProps = {}): Promise<TestContext> {
  const { settings, cluster = settings?.name ?? 'one', env = {}, runsHere = true } = props;
  const home = await temporaryDirectory();
  const reports: string[] = [];
  const warnings: string[] = [];
  const context = openContext(
    {
      cluster,
      project: projectOf('clusters.yml', home),
      registry: join(home, 'prisma', 'config.yml'),
      env,
      cacheDir: join(home, 'cache'),
      progress: {
        done: (text, ms) => void reports.push(`done ${text} ${ms}`),
        detail: (text) => void reports.push(`detail ${text}`),
        warn: (text) => {
          reports.push(`warn ${text}`);
          warnings.push(text);
          props.onWarning?.(text);
        },
      },
      signal: new AbortController().signal,
      command: `clusterkit up ${cluster}`,
    },
    { runsHere },
    settings,
    { sources: [], allowReplace: false, adoptDatabase: false, ...props.options },
  );
  return { ...context, home, reports, warnings };
}
