import { withLock } from '../../../registry/file/registry-lock.js';

/** Says that it waits for the lock, then that it has it, and keeps it until stdin ends. */
const [lock = '', command = ''] = process.argv.slice(2);
process.stdout.write('waits\n');
await withLock(lock, { owner: { command }, waitMs: 60_000 }, async () => {
  process.stdout.write('has it\n');
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once('end', resolve));
});
process.exit();
