// What `bench apps` measures: as a function, as a long-running application, and run by hand. It says
// which instance and which connection of the database answered, so that a warm start can be seen.
const { randomUUID } = require('node:crypto');
const { http } = require('@google-cloud/functions-framework');
const { Pool } = require('pg');

const { DATABASE_URL } = process.env;
const pool = DATABASE_URL ? new Pool({ connectionString: DATABASE_URL, max: 1 }) : undefined;
// A connection that the database closed while nobody used it: the next query opens another one.
pool?.on('error', () => {});
const instance = randomUUID();
let requests = 0;

http('handler', async (_request, response) => {
  requests += 1;
  const { rows } = (await pool?.query('select pg_backend_pid() as connection')) ?? { rows: [{}] };
  response.json({ instance, requests, ...rows[0] });
});
