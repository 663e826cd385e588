import { createApp } from './app';
import { Blog } from './blog';
import { required } from './environment';

const app = createApp(new Blog(required('PRISMA_ENDPOINT'), process.env.PRISMA_SECRET));

// Sent when a newer release has taken over. Requests that run are answered first.
process.once('SIGTERM', async () => {
  await app.close();
});

app.listen({ host: '0.0.0.0', port: Number(process.env.PORT ?? 3000) }).catch((error) => {
  app.log.error(error);
  process.exitCode = 1;
});
