/** Reasons of a database's errors, by what a client can do about them. */
export const REASONS = {
  value: 'The database cannot store or compare a value',
  size: 'The request is larger than the database allows',
  time: 'The database took longer than 30 s: ask for less at a time',
  conflict: 'Other requests change the same data at the moment: try again',
  away: 'The database does not answer at the moment: try again in a few seconds',
} as const;

/** Of Node.js and of the drivers, for connections that cannot be made or are lost. */
const AWAY =
  /ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|PROTOCOL_CONNECTION_LOST|Connection terminated|timeout exceeded when trying to connect|closed state/;

/** Whether an error is that of a connection, whatever the database. */
export const isAway = (error: unknown): boolean => {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return AWAY.test(`${code} ${message}`);
};
