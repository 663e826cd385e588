import type { Generation } from '../../prisma/generation.js';
import { type RequestLine, type Route, routeOf } from './route-of.js';

const MOST = 1_000;
const LONGEST_TARGET = 256;

/** {@link routeOf}, which gives the same answer for the same line: the last ones are remembered. */
export function rememberedRoutes(generation: Generation): (line: RequestLine) => Route {
  /** Of requests that come often: POST, no upgrade. By target. */
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
