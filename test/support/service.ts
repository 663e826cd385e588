import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A service as `prisma init` lays it out: prisma.yml and a datamodel. */
export async function writeService(
  directory: string,
  { cluster, types }: { readonly cluster: string; readonly types: string },
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, 'prisma.yml'),
    [
      'service: blog',
      'stage: dev',
      `cluster: ${cluster}`,
      'datamodel: datamodel.graphql',
      'secret: the-service-secret',
      '',
    ].join('\n'),
  );
  await writeFile(join(directory, 'datamodel.graphql'), types);
}

/** Two types that are related both ways. */
export const USERS_AND_POSTS = `type User {
  id: ID! @unique
  email: String! @unique
  posts: [Post!]!
}

type Post {
  id: ID! @unique
  title: String!
  author: User!
}
`;

/** The same, with one more field. */
export const WITH_PUBLISHED = USERS_AND_POSTS.replace(
  '  title: String!\n',
  '  title: String!\n  published: Boolean\n',
);

/** Sends a query to a service's API. */
export async function query(
  url: string,
  text: string,
  token?: string,
): Promise<{ data?: unknown; errors?: readonly { code?: number; message: string }[] }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: text }),
    signal: AbortSignal.timeout(30_000),
  });
  return (await response.json()) as Awaited<ReturnType<typeof query>>;
}

/** Repeats `attempt` until it gives something, for at most two minutes. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
