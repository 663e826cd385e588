import { withDatabase } from '../../clients/database/open-database.js';
import type { RelaySettings } from './relay-settings.js';

/**
 * Sends the database a query through a relay on this machine, with the login of its settings.
 * @throws the driver's error, with the message of relay or database
 */
export const queryThroughRelay = ({ connector, user, password, database, listen }: RelaySettings) =>
  withDatabase(
    { connector, user, password, database, host: '127.0.0.1', port: listen },
    async ({ rows }) => void (await rows('select 1')),
  );
