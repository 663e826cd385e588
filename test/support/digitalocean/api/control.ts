import { z } from 'zod';
import type { Faults, FirstCalls, Misfortune } from './faults.js';
import type { LeftOver } from './left-overs.js';
import { bodyOf } from './request-body.js';
import type { LoggedRequest } from './request-log.js';
import { noContent, type Route, route } from './route.js';

const misfortune = z.union([
  z.object({
    status: z.union([422, 429, 500, 502, 503, 504].map((status) => z.literal(status))),
    message: z.string().optional(),
    retryAfterSeconds: z.number().optional(),
  }),
  z.enum(['no-answer', 'reset', 'answer-lost']),
  z.object({ silentMs: z.number() }),
  z.object({ answerLateMs: z.number() }),
  z.object({ activation: z.union([z.literal('never'), z.object({ lateMs: z.number() })]) }),
]);
const fault = z.object({
  method: z.string().optional(),
  path: z.string(),
  nth: z.number().int().min(1).optional(),
  times: z.number().int().min(1).optional(),
  with: misfortune,
});

const firstOfEach = z.object({
  firstOfEach: misfortune,
  method: z.string().optional(),
  probes: z.boolean().optional(),
});

/**
 * What a test in another process needs, under `/_control`: POST and DELETE `faults` (a fault, or
 * `{"firstOfEach": …}`), GET `requests`, GET `objects`. No token, no rate, no log.
 */
export function controlRoutes(what: {
  readonly faults: Faults;
  readonly requests: readonly LoggedRequest[];
  readonly objects: () => LeftOver[];
}): Route[] {
  return [
    route('POST', '/_control/faults', undefined, ({ body }) => {
      if (Object.hasOwn(body as object, 'firstOfEach')) {
        const { firstOfEach: kind, ...which } = bodyOf(firstOfEach, body);
        what.faults.firstOfEach(kind as Misfortune, which as FirstCalls);
      } else {
        what.faults.add(bodyOf(fault, body) as Parameters<Faults['add']>[0]);
      }
      return noContent;
    }),
    route('DELETE', '/_control/faults', undefined, () => {
      what.faults.clear();
      return noContent;
    }),
    route('GET', '/_control/requests', undefined, () => ({ status: 200, body: what.requests })),
    route('GET', '/_control/objects', undefined, () => ({ status: 200, body: what.objects() })),
  ];
}
