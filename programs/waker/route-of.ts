import { WAKER_ACTIONS, type WakerAction } from '../../cluster/functions/waker-protocol.js';

/** What a request asks for. */
export type Route =
  | { readonly kind: 'list' }
  | { readonly kind: 'act'; readonly name: string; readonly action: WakerAction }
  | { readonly kind: 'refused'; readonly status: 404 | 405 };

/** Names as engines allow them. No letter of a name has a meaning in a path. */
const ACT = new RegExp(
  `^/containers/([a-zA-Z0-9][a-zA-Z0-9_.-]{0,199})/(${WAKER_ACTIONS.join('|')})$`,
);

/** Reads a request line as it was received: nothing is decoded, resolved or completed. */
export function routeOf(method: string | undefined, target: string | undefined): Route {
  if (target === '/containers') {
    return method === 'GET' ? { kind: 'list' } : { kind: 'refused', status: 405 };
  }
  const [, name, action] = ACT.exec(target ?? '') ?? [];
  if (name === undefined) return { kind: 'refused', status: 404 };
  if (method !== 'POST') return { kind: 'refused', status: 405 };
  return { kind: 'act', name, action: action as WakerAction };
}
