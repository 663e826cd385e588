import type { TestAccount } from './test-account.js';

const STOP = '/run/ck-test-stop-watching';

/** Every distinct argument and variable of every process, as often as it can look. */
const LOOK = `
while [ ! -e ${STOP} ]; do
  cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'
  sleep 0.05
done | awk '!seen[$0]++'`;

/**
 * Looks at arguments and environments of all processes inside the only droplet of an account, from
 * its console, from the moment that there is one.
 */
export function watchGuest(account: TestAccount): { stop(): Promise<string> } {
  let running = true;
  const work = (async () => {
    while (running) {
      const [droplet] = await account.list();
      if (droplet?.host !== undefined) {
        const { machine } = account.droplets.droplet(droplet.id);
        return (await machine.try('sh', '-c', LOOK)).output;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return '';
  })();
  return {
    async stop() {
      running = false;
      const { machine } = await account.machine();
      await machine.run('touch', STOP);
      return work;
    },
  };
}
