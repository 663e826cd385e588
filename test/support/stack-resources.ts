import type { Resource, SynthesizedStack } from './synthesized-stack.js';

/** The resource of that address. @throws Error when there is none */
export const only = (stack: SynthesizedStack, type: string, name: string): Resource => {
  const found = stack.resource[type]?.[name];
  if (found === undefined) throw new Error(`there is no ${type}.${name}`);
  return found;
};

/** Addresses of all resources, sorted. */
export const addresses = ({ resource }: SynthesizedStack): string[] =>
  Object.entries(resource)
    .flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`))
    .sort();

/** Does `from` wait for `to`, directly or by way of others, by reference or by depends_on? */
export function waitsFor({ resource }: SynthesizedStack, from: string, to: string): boolean {
  const bodies = Object.entries(resource).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, body]) => [`${type}.${name}`, body] as const),
  );
  const addresses: string[] = bodies.map(([address]) => address);
  const next = new Map<string, string[]>(
    bodies.map(([address, body]) => {
      const text = JSON.stringify(body);
      const named = addresses.filter((other) => new RegExp(`${other}(?![\\w-])`).test(text));
      return [address, named.filter((other) => other !== address)];
    }),
  );
  const seen = new Set<string>();
  const queue = [from];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (at === to) return true;
    if (!seen.has(at)) queue.push(...(next.get(at) ?? []));
    seen.add(at);
  }
  return false;
}
