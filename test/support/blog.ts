import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TestDropletCluster } from './droplet-cluster.js';
import { realCli } from './real-cli.js';
import { eventually, query, USERS_AND_POSTS, writeService } from './service.js';

/** A service that the real CLI deployed to the cluster of a test, and data in it. */
export class Blog {
  private constructor(
    private readonly cluster: TestDropletCluster,
    private readonly token: string,
  ) {}

  /** Deploys it through the registry's entry, with a HOME that shares the registry only. */
  static async deploy(cluster: TestDropletCluster): Promise<Blog> {
    const home = join(cluster.directory, 'cli-home');
    const cwd = join(cluster.directory, 'service');
    await mkdir(home);
    await symlink(join(cluster.home, '.prisma'), join(home, '.prisma'));
    await writeService(cwd, { cluster: cluster.name, types: USERS_AND_POSTS });
    const host = new URL((await cluster.endpoint()) ?? '').hostname;
    const prisma = async (...argv: string[]) => {
      const run = await realCli('1.6.3', argv, { cwd, home, env: { LOOPBACK_ONLY_ALSO: host } });
      expect(run.exitCode, run.all).toBe(0);
      return run.stdout;
    };
    expect(await prisma('deploy')).toContain('Created type `Post`');
    return new Blog(cluster, (await prisma('token')).trim());
  }

  /** Writes one row. */
  async add(email: string): Promise<void> {
    const mutation = `mutation { createUser(data: { email: "${email}" }) { email } }`;
    const url = await this.url();
    expect(await query(url, mutation, this.token)).toEqual({ data: { createUser: { email } } });
  }

  /** All rows, as soon as the server answers; within 30 s. */
  async emails(): Promise<string[]> {
    const url = await this.url();
    const { data } = await eventually(async () => {
      const answer = await query(url, '{ users { email } }', this.token);
      if (answer.data === undefined || answer.data === null) throw new Error('no data yet');
      return answer;
    });
    return (data as { users: { email: string }[] }).users.map(({ email }) => email);
  }

  private async url(): Promise<string> {
    return `${await this.cluster.endpoint()}/blog/dev`;
  }
}
