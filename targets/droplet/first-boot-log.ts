import type { TargetLog } from '../common/logs.js';

/** The log of a droplet's first boot: of cloud-init and the kit's own steps. */
export const firstBootLog: TargetLog = {
  name: 'cloud-init',
  absence: 'runs on the Docker engine of this machine, so there was no first boot',
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
