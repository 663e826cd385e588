import type { Problem } from '../../../lib/errors.js';
import { EDGE_HTTP_PORT } from '../../names.js';
import type { ClusterEntry } from '../entry.js';
import { appsPart, isFunction } from './apps-part.js';
import type { AppEntry } from './schema.js';
import type { AppSettings } from './settings.js';

/** Conflicts between settings of applications. @param path of the cluster in its file */
export function appProblems(path: string, cluster: ClusterEntry): Problem[] {
  const entries = Object.entries(cluster.apps ?? {});
  return [
    ...entries.flatMap(([name, entry]) => problemsOf(`${path}.apps.${name}`, entry, cluster)),
    ...portProblems(path, cluster),
    ...domainProblems(path, cluster),
  ];
}

function problemsOf(path: string, entry: AppEntry, cluster: ClusterEntry): Problem[] {
  const problem = (key: string, message: string, hint: string): Problem => ({
    path: key === '' ? path : `${path}.${key}`,
    message,
    hint,
  });
  const found: Problem[] = [];
  const given = (['image', 'build', 'function'] as const).filter((key) => entry[key] !== undefined);
  if (given.length !== 1) {
    const message =
      given.length === 0 ? 'has no image, build or function' : `has ${given.join(' and ')}`;
    found.push(problem('', message, 'Set one of image, build and function.'));
  }
  const app = isFunction(entry) ? 'function' : 'app';
  const isReached = entry.port !== undefined || entry.domain !== undefined;
  if (app === 'function' && !isReached) {
    const message = 'is a function that no request can reach';
    found.push(problem('', message, 'Set port or domain.'));
  }
  if (entry.health !== undefined && !isReached) {
    const message = 'is set, but the application has no port';
    found.push(problem('health', message, 'Set port, or remove health.'));
  }
  if (app === 'function' && typeof entry.port === 'string') {
    const message = `is ${entry.port}, but a function always listens on the port that PORT names`;
    found.push(problem('port', message, 'Write the port of the machine only, such as 8080.'));
  }
  if (app === 'function' && typeof entry.idle === 'string' && typeof entry.stop === 'string') {
    const [part] = appsPart({ app: entry });
    const { idleMs, stopMs } = part?.function ?? {};
    if (idleMs && stopMs && stopMs < idleMs) {
      const message = `is ${entry.stop}, which is before idle (${entry.idle})`;
      found.push(problem('stop', message, 'Set stop to a longer time than idle.'));
    }
  }
  if (entry.connections !== undefined && entry.database === undefined) {
    const message = 'is set, but the application does not use the database';
    found.push(problem('connections', message, 'Set database: direct, or remove connections.'));
  }
  if (entry.database !== undefined) found.push(...databaseProblems(path, entry, cluster));
  return [...found, ...variableProblems(path, entry)];
}

function databaseProblems(path: string, entry: AppEntry, { database }: ClusterEntry): Problem[] {
  const connector = 'external' in database ? database.external.connector : database.connector;
  const found: Problem[] = [];
  if (connector === 'mysql') {
    found.push({
      path: `${path}.database`,
      message: 'is direct, but the cluster has MySQL: the pool (PgBouncer) is for PostgreSQL',
      hint: 'Use the service (PRISMA_ENDPOINT); or give it a login of your own under secrets.',
    });
  }
  if (entry.service === undefined) {
    found.push({
      path: `${path}.service`,
      message: 'is missing: direct access is limited to the data of one service',
      hint: 'Set the service, such as service: blog/dev.',
    });
  }
  return found;
}

/** Variables that the kit sets, and those that are set twice. */
function variableProblems(path: string, entry: AppEntry): Problem[] {
  const set = [
    ...(entry.port !== undefined || entry.domain !== undefined ? ['PORT'] : []),
    ...(entry.service === undefined ? [] : ['PRISMA_ENDPOINT']),
    ...(entry.database === undefined ? [] : ['DATABASE_URL']),
  ];
  const secrets = (entry.secrets ?? []).map((each) =>
    typeof each === 'string' ? each : each.name,
  );
  const names = [...Object.keys(entry.env ?? {}), ...secrets];
  const own = names
    .filter((name) => set.includes(name))
    .map((name) => ({
      path: `${path}.${secrets.includes(name) ? 'secrets' : 'env'}.${name}`,
      message: 'is set by clusterkit',
      hint: 'Remove it.',
    }));
  const twice = names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => ({
      path: `${path}.secrets.${name}`,
      message: 'is set twice, in env or secrets',
      hint: 'Remove one of the two.',
    }));
  return [...own, ...twice];
}

function portProblems(path: string, cluster: ClusterEntry): Problem[] {
  const apps = appsPart(cluster.apps);
  const serverPort = cluster.port ?? (cluster.domain === undefined ? 4466 : 443);
  const taken = new Map<number, string>([[serverPort, 'the server']]);
  taken.set(EDGE_HTTP_PORT, 'the edge in front of applications');
  if (cluster.domain !== undefined) taken.set(80, 'the certificate of domain');
  return apps.flatMap(({ name, published }) => {
    if (published === undefined) return [];
    const owner = taken.get(published);
    taken.set(published, `apps.${name}`);
    if (owner === undefined) return [];
    return [
      {
        path: `${path}.apps.${name}.port`,
        message: `is ${published}, which ${owner} has`,
        hint: 'Choose another port.',
      },
    ];
  });
}

function domainProblems(path: string, cluster: ClusterEntry): Problem[] {
  const taken = new Map<string, string>();
  if (cluster.domain !== undefined) taken.set(cluster.domain, 'the server');
  return appsPart(cluster.apps).flatMap(({ name, domains }: AppSettings) =>
    domains.flatMap((domain) => {
      const at = `${path}.apps.${name}.domain`;
      const owner = taken.get(domain);
      taken.set(domain, `apps.${name}`);
      if (cluster.domain === undefined) {
        return [
          {
            path: at,
            message: `is ${domain}, but the cluster has no domain, and so no certificates`,
            hint: 'Set domain of a cluster on a droplet; elsewhere use port.',
          },
        ];
      }
      if (owner === undefined) return [];
      const message = `is ${domain}, which ${owner} has`;
      return [{ path: at, message, hint: 'Choose another name.' }];
    }),
  );
}
