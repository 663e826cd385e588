import type { TargetLog } from '../common/logs.js';

/** What cloud-init and the kit's own steps wrote at the first boot of a droplet. */
export const firstBootLog: TargetLog = {
  name: 'cloud-init',
  absence: 'runs on the Docker engine of this machine: no machine was booted for it',
  hasNoTimes: true,
  async read({ keyDirectory, signal, progress }, range, write) {
    const { openDroplet } = await import('./engines.js');
    const { readFirstBootLogs } = await import('./machine/first-boot-log.js');
    const connection = await openDroplet(keyDirectory, signal);
    try {
      let isEmpty = true;
      const pass = (source: string, bytes: Uint8Array) => {
        isEmpty = false;
        return write({ source, stream: null, time: null, bytes });
      };
      await readFirstBootLogs(connection, range, pass, signal);
      if (isEmpty) progress.warn('the droplet has no log of a first boot');
    } finally {
      connection.close();
    }
  },
};
