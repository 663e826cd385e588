import fastify from 'fastify';
import type { Blog } from './blog';

const NEW_POST = {
  type: 'object',
  required: ['title', 'author'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 200 },
    author: { type: 'string', minLength: 1, maxLength: 100 },
  },
};

/** The HTTP API: `GET /posts`, `POST /posts`, and `GET /healthz`. */
export function createApp(blog: Blog) {
  const app = fastify({ logger: true });

  // Says that the process serves. It asks nobody else: when the database is away for a moment, all
  // instances would be taken out, and nothing would be left to answer.
  app.get('/healthz', { logLevel: 'warn' }, () => ({ ok: true }));

  app.get('/posts', () => blog.latest(20));

  app.post<{ Body: { title: string; author: string } }>(
    '/posts',
    { schema: { body: NEW_POST } },
    async ({ body }, reply) => {
      reply.code(201);
      return blog.add(body.title, body.author);
    },
  );

  return app;
}
