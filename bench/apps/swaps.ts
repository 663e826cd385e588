import { setTimeout as sleep } from 'node:timers/promises';
import { startClients } from '../edge-load.js';
import type { BenchProject } from './project.js';

/** Rows of a table: what a deployment and a rollback do to the requests of constant clients. */
export async function swapRows(
  project: BenchProject,
  apps: Readonly<Record<string, number>>,
): Promise<string[][]> {
  const rows = [['', 'lost', 'longest time without an answer, ms', 'slowest answer, ms']];
  for (const [app, port] of Object.entries(apps)) {
    for (const verb of [['deploy', '--force'], ['rollback']] as const) {
      const [name, ...options] = verb;
      const clients = startClients('127.0.0.1', port);
      await sleep(1000);
      await project.kit('app', name, project.name, app, ...options);
      await sleep(1000);
      const { lost, longestGapMs, slowestMs } = await clients.stop();
      rows.push([`${app}: ${name}`, lost, longestGapMs.toFixed(0), slowestMs.toFixed(0)]);
    }
  }
  return rows;
}
