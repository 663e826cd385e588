import { expect, test } from 'vitest';
import { AccessLog } from '../../../../programs/gateway/access-log.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const ENTRY = {
  ...{ method: 'POST', client: '192.0.2.1', status: 200 },
  ...{ durationMs: 1.26, throttledMs: 3 },
};

test('lines are written together, without queries, and are JSON whatever the path', () => {
  const written: string[] = [];
  const log = new AccessLog(
    (text) => written.push(text),
    () => NOW,
  );
  log.add({ ...ENTRY, target: '/demo/dev?token=abc' });
  log.add({ ...ENTRY, client: '"\n', target: `/"\n${'x'.repeat(500)}` });
  expect(written).toEqual([]);
  log.flush();
  log.flush();
  expect(written).toHaveLength(1);
  const lines = written[0]?.trimEnd().split('\n') ?? [];
  expect(lines[0]).toBe(
    '{"time":"2026-01-01T00:00:00.000Z","client":"192.0.2.1","method":"POST","path":"/demo/dev","status":200,"ms":1.3,"throttledMs":3}',
  );
  expect(lines).toHaveLength(2);
  const { path, client } = JSON.parse(lines[1] ?? '');
  expect([path.length, client]).toEqual([200, '"\n']);
});

test('many lines are written without waiting for the time to pass', () => {
  const written: string[] = [];
  const log = new AccessLog(
    (text) => written.push(text),
    () => NOW,
  );
  for (let count = 0; count < 300; count++) log.add({ ...ENTRY, target: `/ü${count}` });
  expect(written).toHaveLength(1);
  log.flush();
  for (const text of written) expect(text.endsWith('}\n')).toBe(true);
  const lines = written.join('').trimEnd().split('\n');
  const paths = lines.map((line) => JSON.parse(line).path);
  expect(paths).toEqual(Array.from({ length: 300 }, (_, count) => `/ü${count}`));
});
