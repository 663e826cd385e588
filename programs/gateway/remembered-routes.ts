import type { Generation } from '../../prisma/generation.js';
import { type RequestLine, type Route, routeOf } from './route-of.js';

const MOST = 1_000;
const LONGEST_TARGET = 256;

/** A {@link routeOf} that remembers its last results. */
export function rememberedRoutes(generation: Generation): (line: RequestLine) => Route {
  /** Routes of frequent requests (POST, no upgrade) by target. */
  const routes = new Map<string, Route>();
  return (line) => {
    const { method, target, isUpgrade } = line;
    if (method !== 'POST' || isUpgrade) return routeOf(line, generation);
    const known = routes.get(target);
    if (known !== undefined) return known;
    const route = routeOf(line, generation);
    if (target.length > LONGEST_TARGET) return route;
    if (routes.size >= MOST) routes.clear();
    routes.set(target, route);
    return route;
  };
}
