import { randomUUID } from 'node:crypto';
import { http, type Request, type Response } from '@google-cloud/functions-framework';
import { Cache } from './cache';
import { Prisma } from './prisma';

const endpoint = process.env.PRISMA_ENDPOINT;
if (!endpoint) throw new Error('The environment variable PRISMA_ENDPOINT is not set.');

const POST = 'fragment Full on Post { id createdAt title author { name } }';

// What stands here runs once for each instance, at its cold start. A warm instance, also one that was
// frozen in between, still has it: the client with its open connection, the counter, the cache.
const prisma = new Prisma({ endpoint, secret: process.env.PRISMA_SECRET });
const instance = randomUUID();
let requests = 0;
const latest = new Cache('/tmp/latest-posts.json', 5_000, () =>
  prisma.posts({ orderBy: 'createdAt_DESC', first: 20 }).$fragment<unknown>(POST),
);

/** `GET` lists the latest posts, `POST` adds one. `/healthz` is asked before an instance gets requests. */
http('handler', async (request: Request, response: Response) => {
  if (request.path === '/healthz') {
    response.json({ ok: true });
    return;
  }
  requests += 1;
  response.set({ 'x-instance': instance, 'x-requests': String(requests) });
  if (request.method === 'GET') {
    const { value, isCached } = await latest.get();
    response.set('x-cache', isCached ? 'hit' : 'miss').json(value);
  } else if (request.method === 'POST') {
    await add(request, response);
  } else {
    response.set('allow', 'GET, POST').sendStatus(405);
  }
});

async function add({ body }: Request, response: Response): Promise<void> {
  const { title, author: name } = (body ?? {}) as Record<string, unknown>;
  if (typeof title !== 'string' || typeof name !== 'string' || !title || !name) {
    response.status(400).json({ message: 'The body has no title or no author.' });
    return;
  }
  await prisma.upsertAuthor({ where: { name }, create: { name }, update: {} });
  const post = await prisma.createPost({ title, author: { connect: { name } } }).$fragment(POST);
  await latest.forget();
  response.status(201).json(post);
}
