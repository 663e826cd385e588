import { describe, expect, test } from 'vitest';
import { dropletFacts } from '../../../../targets/droplet/facts.js';
import type { DropletSettings } from '../../../../targets/droplet/settings.js';
import { someApp } from '../../../support/some-app.js';
import { someDroplet } from '../../../support/synthesized-droplet-stack.js';
import { PLACES } from '../../../support/synthesized-stack.js';

const SOURCES = { management: ['203.0.113.7'], data: ['203.0.113.7'] };
const of = (custom: Partial<DropletSettings>) =>
  dropletFacts(someDroplet(custom), PLACES, {
    ...{ address: '192.0.2.1', droplet: '1', host: '192.0.2.1', sources: SOURCES },
  });
const TLS = { kind: 'acme', domain: 'api.example.com', proxyImage: 'p' } as const;
const WITH_DOMAIN = { gateway: { image: 'g' }, tls: TLS };

describe('facts about applications', () => {
  test('none without applications: the inputs of other clusters do not change', () => {
    expect(of({})).not.toHaveProperty('apps');
    expect(of({ ...WITH_DOMAIN, apps: [] })).not.toHaveProperty('apps');
  });

  test('defaults: what they need of the memory', () => {
    expect(of({ apps: [someApp('web')] }).apps).toEqual({ memoryMb: 320 });
  });

  test('custom: the names of each, and who may use them', () => {
    const apps = [
      someApp('admin', { domains: ['admin.example.com'], sources: ['203.0.113.0/24'] }),
      someApp('web', { domains: ['example.com', 'www.example.com'] }),
      someApp('worker'),
    ];
    expect(of({ ...WITH_DOMAIN, apps }).apps).toEqual({
      memoryMb: 832,
      sites: [
        { domains: ['admin.example.com'], sources: ['203.0.113.0/24'] },
        { domains: ['example.com', 'www.example.com'] },
      ],
    });
  });

  test('the firewall lets the clients of a name in: then the gateway tells apart who may use the server', () => {
    const withPort = { ...WITH_DOMAIN, apps: [someApp('web', { published: 8080 })] };
    expect(of(withPort).gateway).toEqual({});
    const withName = { ...WITH_DOMAIN, apps: [someApp('web', { domains: ['example.com'] })] };
    expect(of(withName).gateway).toEqual({ sources: SOURCES });
  });
});
