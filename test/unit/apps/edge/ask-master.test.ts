import { expect, test } from 'vitest';
import { parseWorkers } from '../../../../apps/edge/ask-master.js';

const HEAD = `#<PID>          <type>          <reloads>       <uptime>        <version>
8               master          2 [failed: 0]   0d00h01m28s     2.6.12-1+deb12u4
# workers
`;

test('the master names the worker of now, and those of before', () => {
  const old = `# old workers
120             worker          1               0d00h00m58s     2.6.12-1+deb12u4
10              worker          2               0d00h01m28s     2.6.12-1+deb12u4
# programs`;
  const now = '271             worker          0               0d00h00m00s     2.6.12-1+deb12u4\n';
  expect(parseWorkers(`${HEAD}${now}${old}`)).toEqual({ current: 271, old: [120, 10] });
  expect(parseWorkers(`${HEAD}${now}# programs`)).toEqual({ current: 271, old: [] });
  expect(parseWorkers(`${HEAD}# programs`)).toEqual({ current: undefined, old: [] });
  expect(parseWorkers('')).toEqual({ current: undefined, old: [] });
});
