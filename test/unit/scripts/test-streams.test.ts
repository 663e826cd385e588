import { expect, it } from 'vitest';
import { testStreams } from '../../../scripts/test-streams.js';

const PLACES = ['test/e2e/droplet', 'test/integration/droplet', 'test/integration/digitalocean'];

it('all kinds: what one run leaves out, the other takes', () => {
  const [main, droplets, ...more] = testStreams();
  expect(more).toEqual([]);
  expect(main?.argv).toEqual([
    ...PLACES.map((place) => `--exclude=${place}*/**`),
    ...PLACES.map((place) => `--exclude=${place}*`),
  ]);
  expect(droplets?.argv).toEqual(['--project', 'integration', '--project', 'e2e', ...PLACES]);
  expect([main?.env, droplets?.env]).toEqual([{ CLUSTERKIT_TEST_NO_DROPLETS: '1' }, {}]);
});

it('one kind', () => {
  const names = (kind: string) => testStreams(kind).map(({ name }) => name);
  expect(names('unit')).toEqual(['main']);
  expect(names('e2e')).toEqual(['main', 'droplets']);
  expect(testStreams('e2e').map(({ argv }) => argv.slice(0, 2))).toEqual([
    ['--project', 'e2e'],
    ['--project', 'e2e'],
  ]);
});
