import { type Route, route } from '../route.js';
import type { World } from '../world.js';

/** The account itself: limits and standing. */
export function accountRoutes({ account }: World): Route[] {
  return [
    route('GET', '/v2/account', 'account:read', () => ({
      status: 200,
      body: {
        account: {
          droplet_limit: account.dropletLimit,
          floating_ip_limit: account.reservedIpLimit,
          reserved_ip_limit: account.reservedIpLimit,
          volume_limit: account.volumeLimit,
          email: account.email,
          name: 'Test Account',
          uuid: '0f1e2d3c4b5a69788796a5b4c3d2e1f001234567',
          email_verified: true,
          status: account.status,
          status_message: account.statusMessage,
          team: { uuid: '76543210f0e1d2c3b4a5968778695a4b3c2d1e0f', name: 'Test Team' },
        },
      },
    })),
  ];
}
