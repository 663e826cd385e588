import { line } from './raw-waker-client.js';

/** What is attacked: names and an id. */
export interface Targets {
  /** A function's container of this cluster. */
  readonly own: string;
  readonly ownId: string;
  /** Name of another object of the cluster. */
  readonly nameOf: (role: string) => string;
}

/** Each attack: what it is, its bytes, and the status with which it is refused. */
export function wakerAttacks({ own, ownId, nameOf }: Targets): [string, string, string][] {
  const stop = (name: string) => line('POST', `/containers/${name}/stop`);
  const open = `POST /containers/${own}/stop HTTP/1.1\r\nHost: x\r\n`;
  return [
    ['the server of the cluster', stop(nameOf('server')), '404'],
    ['its edge', stop(nameOf('edge')), '404'],
    ['the waker itself', stop(nameOf('waker')), '404'],
    ['the activator', line('POST', `/containers/${nameOf('activator')}/pause`), '404'],
    ['an application that is no function', stop(nameOf('app-web-r1-1')), '404'],
    ['a function label on something else', stop(nameOf('posing')), '404'],
    ['a function of another cluster with this name', stop(nameOf('other')), '404'],
    ['a function of no cluster', stop(nameOf('foreign')), '404'],
    ['a name that begins with one of ours', stop(`${own}0`), '404'],
    ['the beginning of a name of ours', stop(own.slice(0, -1)), '404'],
    ['an id instead of a name', stop(ownId), '404'],
    ['a short id', stop(ownId.slice(0, 12)), '404'],
    ['a pattern', stop('.'.repeat(own.length)), '404'],
    ['a pattern that begins as names do', stop(`c${'.'.repeat(own.length - 1)}`), '404'],
    ['a way up', stop(`../${own}`), '404'],
    ['a way up to the engine', line('POST', '/containers/../v1.41/containers/prune'), '404'],
    ['an encoded way up', stop(`%2e%2e%2f${own}`), '404'],
    ['an encoded slash', stop(`${own}%2f..%2f${nameOf('server')}`), '404'],
    ['an encoded letter', stop(own.replace('c', '%63')), '404'],
    ['a doubled slash', line('POST', `//containers/${own}/stop`), '404'],
    ['a slash at the end', line('POST', `/containers/${own}/stop/`), '404'],
    ['a backslash', stop(`x\\${own}`), '404'],
    ['a query', line('POST', `/containers/${own}/stop?t=0`), '404'],
    ['an absolute target', line('POST', `http://x/containers/${own}/stop`), '404'],
    ['an empty name', stop(''), '404'],
    ['a name without end', stop('a'.repeat(300)), '404'],
    ['a byte zero', stop(`${own}\0`), '400'],
    ['exec', line('POST', `/containers/${own}/exec`), '404'],
    ['create', line('POST', '/containers/create'), '404'],
    ['kill', line('POST', `/containers/${own}/kill`), '404'],
    ['restart', line('POST', `/containers/${own}/restart`), '404'],
    ['update', line('POST', `/containers/${own}/update`), '404'],
    ['rename', line('POST', `/containers/${own}/rename?name=x`), '404'],
    ['remove', line('DELETE', `/containers/${own}`), '404'],
    ['remove by an action', line('DELETE', `/containers/${own}/stop`), '405'],
    ['an action by GET', line('GET', `/containers/${own}/stop`), '405'],
    ['a method in a header', line('POST', '/containers', 'X-HTTP-Method-Override: GET\r\n'), '405'],
    ['inspect', line('GET', `/containers/${own}/json`), '404'],
    ['its log', line('GET', `/containers/${own}/logs?stdout=1`), '404'],
    ['a file of it', line('GET', `/containers/${own}/archive?path=/`), '404'],
    ["the engine's list", line('GET', '/containers/json?all=1'), '404'],
    ['with a version', line('GET', '/v1.41/containers'), '404'],
    ['images', line('GET', '/images/json'), '404'],
    ['a build', line('POST', '/build'), '404'],
    ['events', line('GET', '/events'), '404'],
    ['info', line('GET', '/info'), '404'],
    ['a hijacked connection', line('POST', `/containers/${own}/attach`, 'Upgrade: tcp\r\n'), '404'],
    ['a tunnel', line('CONNECT', 'engine:80'), 'closed'],
    ['a body', `${open}Content-Length: 2\r\n\r\n{}`, '400'],
    ['a second request in a body', `${open}Content-Length: 80\r\n\r\n${stop(own)}`, '400'],
    [
      'one behind chunks',
      `${open}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${stop(own)}`,
      'closed',
    ],
    ['one behind another', `GET /x HTTP/1.1\r\nHost: x\r\n\r\n${stop(own)}`, 'closed'],
    ['two lengths', `${open}Content-Length: 0\r\nContent-Length: 9\r\n\r\n${stop(own)}`, '400'],
    [
      'a length and chunks',
      `${open}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      '400',
    ],
    ['a line without a version', `POST /containers/${own}/stop\r\n\r\n`, '400'],
    ['an old version', `POST /containers/${own}/stop HTTP/1.0\r\n\r\n`, '400'],
    ['no HTTP', 'x'.repeat(100), '400'],
    ['huge headers', line('GET', '/containers', `X: ${'x'.repeat(20_000)}\r\n`), '431'],
    ['many headers', line('GET', '/containers', 'X: y\r\n'.repeat(5_000)), '431'],
  ];
}
