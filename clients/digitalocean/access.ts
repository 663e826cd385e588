import { isIPv4 } from 'node:net';
import { usageError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';

/** Address and token of an account's API. */
export interface ApiAccess {
  /** Base address without a trailing slash. */
  readonly url: string;
  readonly token: Secret;
}

/** The Terraform provider reads the same variables, so both use the same account. */
const TOKENS = ['DIGITALOCEAN_TOKEN', 'DIGITALOCEAN_ACCESS_TOKEN'] as const;
const URL_VARIABLE = 'DIGITALOCEAN_API_URL';
const DEFAULT_URL = 'https://api.digitalocean.com';

/**
 * The account of `DIGITALOCEAN_TOKEN` at `DIGITALOCEAN_API_URL` (default: the public API).
 * @throws KitError `token-missing`, `token-malformed`, `api-url-invalid` (exit 2)
 */
export function apiAccess(env: NodeJS.ProcessEnv): ApiAccess {
  return { url: urlFrom(env), token: tokenFrom(env) };
}

function tokenFrom(env: NodeJS.ProcessEnv): Secret {
  const variable = TOKENS.find((name) => env[name]?.trim());
  if (variable === undefined) {
    throw usageError('token-missing', {
      path: TOKENS[0],
      message: 'is not set; the kit needs a token for a DigitalOcean account',
      hint: 'Make a token in the control panel under API > Tokens and export it. The kit reads it from the environment and never stores it.',
    });
  }
  const token = env[variable]?.trim() ?? '';
  if (/^[\x21-\x7e]+$/.test(token)) return new Secret(token);
  throw usageError('token-malformed', {
    path: variable,
    message: 'has blanks or other characters that a token never has',
    hint: 'Copy the token again: one word, such as dop_v1_….',
  });
}

function urlFrom(env: NodeJS.ProcessEnv): string {
  const given = env[URL_VARIABLE]?.trim() || DEFAULT_URL;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isFit = url?.protocol === 'https:' || (url?.protocol === 'http:' && isNear(url.hostname));
  if (isFit && !url.search && !url.hash && !url.username && !url.password) {
    return url.href.replace(/\/+$/, '');
  }
  throw usageError('api-url-invalid', {
    path: URL_VARIABLE,
    message: `'${given}' is not an address of the API: use https, or http on this machine or a private network, without user, query or fragment`,
    hint: `Unset it to use ${DEFAULT_URL}. Plain http exposes the token.`,
  });
}

/** Loopback and private networks, where plain http does not expose the token to the internet. */
function isNear(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true;
  return isIPv4(hostname) && /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(hostname);
}
