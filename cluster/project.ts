import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Paths of a project's files, all absolute. */
export interface Project {
  /** The file that defines the clusters. */
  readonly configFile: string;
  /** `.clusterkit` beside it: state, plans, keys and caches, 0700. */
  readonly stateDir: string;
  /** Where synthesis writes, and Terraform runs. */
  readonly outdir: string;
}

/** The project of a `clusters.yml`. */
export function projectOf(configFile: string, cwd: string): Project {
  const given = resolve(cwd, configFile);
  const file = join(realDirectory(dirname(given)), basename(given));
  const stateDir = join(dirname(file), '.clusterkit');
  return { configFile: file, stateDir, outdir: join(stateDir, 'cdktf.out') };
}

/** The same directory by the same path, over whatever links it is reached. */
function realDirectory(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Directory where Terraform runs for one cluster. */
export const workingDirectory = (project: Project, cluster: string) =>
  join(project.outdir, 'stacks', cluster);

/** Terraform state of one cluster. */
export const stateFile = (stateDir: string, cluster: string) =>
  join(stateDir, 'state', `${cluster}.tfstate`);

/** Caches outside any checkout: provider mirror, built tools, images. */
export const cacheDirectory = (env: NodeJS.ProcessEnv, home: string) =>
  join(env.XDG_CACHE_HOME || join(home, '.cache'), 'clusterkit');
