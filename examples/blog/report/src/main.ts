import { PrismaPg } from '@prisma/adapter-pg';
import fastify from 'fastify';
import { required } from './environment.js';
import { PrismaClient } from './prisma/client.js';
import { authors } from './report.js';

// The pool in front of the database lends a connection for one transaction at a time; two of them are
// enough for many requests. `schema` is where the service has its tables.
const adapter = new PrismaPg(
  { connectionString: required('DATABASE_URL'), max: 2 },
  { schema: required('DATABASE_SCHEMA') },
);
const prisma = new PrismaClient({ adapter });
const app = fastify({ logger: true });

// A release that cannot reach its database gets no requests.
app.get('/healthz', { logLevel: 'warn' }, async () => {
  await prisma.$queryRaw`SELECT 1`;
  return { ok: true };
});

app.get('/authors', () => authors(prisma));

// Sent when a newer release has taken over. Requests that run are answered first.
process.once('SIGTERM', async () => {
  await app.close();
  await prisma.$disconnect();
});

await app.listen({ host: '0.0.0.0', port: Number(process.env.PORT ?? 3000) });
