/** The key of Docker Hub in docker's configuration, of the time of its first API. */
const DOCKER_HUB = 'https://index.docker.io/v1/';

/** The key under which docker keeps the login for an image: host and port of its registry. */
export function registryOf(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return !isHost || first === 'docker.io' || first === 'index.docker.io' ? DOCKER_HUB : first;
}

/** Host and port of a key that older versions of docker wrote as an address. */
export const hostOfKey = (key: string): string =>
  URL.canParse(key) && key.includes('://') ? new URL(key).host : (key.split('/')[0] ?? '');
