import type Docker from 'dockerode';
import { describe, expect, test } from 'vitest';
import { ensurePublished } from '../../../../cluster/objects/ensure-published.js';

const SPEC = {
  name: 'clusterkit-one-server',
  Labels: { 'dev.clusterkit.cluster': 'one', 'dev.clusterkit.spec': 'abc' },
  HostConfig: { PortBindings: { '4466/tcp': [{ HostIp: '0.0.0.0', HostPort: '4466' }] } },
};
const ALLOCATED = new Error(
  '(HTTP code 500) server error - driver failed programming external connectivity: Bind for 0.0.0.0:4466 failed: port is already allocated',
);

/** An engine that has the container, stopped, and refuses to start it until it is restarted. */
function engineThat({ refuses, publishers }: { refuses: Error; publishers: number[] }) {
  const done: string[] = [];
  let isRestarted = false;
  const container = {
    inspect: async () => ({ Config: { Labels: SPEC.Labels }, State: { Running: false } }),
    start: async () => {
      done.push('start');
      if (!isRestarted) throw refuses;
    },
  };
  const engine = {
    getContainer: () => container,
    listContainers: async () => [{ Ports: publishers.map((PublicPort) => ({ PublicPort })) }],
  };
  const restart = async () => {
    done.push('restart');
    isRestarted = true;
  };
  return { engine: engine as unknown as Docker, restart, done };
}

describe('a port that the engine does not give back', () => {
  test('is given back by its restart, once', async () => {
    const { engine, restart, done } = engineThat({ refuses: ALLOCATED, publishers: [5000] });
    expect(await ensurePublished(engine, SPEC, restart)).toBe('started');
    expect(done).toEqual(['start', 'restart', 'start']);
  });

  test('is left alone where another container has it', async () => {
    const { engine, restart, done } = engineThat({ refuses: ALLOCATED, publishers: [4466] });
    await expect(ensurePublished(engine, SPEC, restart)).rejects.toBe(ALLOCATED);
    expect(done).toEqual(['start']);
  });

  test('stays an error where nobody may restart the engine', async () => {
    const { engine, done } = engineThat({ refuses: ALLOCATED, publishers: [5000] });
    await expect(ensurePublished(engine, SPEC)).rejects.toBe(ALLOCATED);
    expect(done).toEqual(['start']);
  });

  test('is no reason where somebody else listens, or anything else is wrong', async () => {
    const other = new Error('bind: address already in use');
    const { engine, restart, done } = engineThat({ refuses: other, publishers: [] });
    await expect(ensurePublished(engine, SPEC, restart)).rejects.toBe(other);
    expect(done).toEqual(['start']);
  });
});
