import type { PrismaClient } from './prisma/client.js';

/** What the report has of an author. */
export interface AuthorReport {
  readonly name: string;
  readonly posts: number;
  readonly latest: string | null;
}

/** All authors with the number of their posts and the latest title; the busiest first. */
export async function authors(prisma: PrismaClient): Promise<AuthorReport[]> {
  const found = await prisma.author.findMany({
    select: {
      name: true,
      posts: { select: { title: true }, orderBy: { createdAt: 'desc' }, take: 1 },
      _count: { select: { posts: true } },
    },
    orderBy: [{ posts: { _count: 'desc' } }, { name: 'asc' }],
  });
  return found.map(({ name, posts, _count }) => ({
    name,
    posts: _count.posts,
    latest: posts[0]?.title ?? null,
  }));
}
