import { z } from 'zod';

/** The claims that a cluster token must have. */
export const claimsSchema = z.object({
  grants: z.array(z.object({ target: z.string(), action: z.string() })),
  exp: z.number(),
});

/** `target` is `<service>/<stage>`, `action` a field of the management API; `*` stands for any. */
export type Grant = z.output<typeof claimsSchema>['grants'][number];

/** The right that a request needs. Empty names stand for the whole server. */
export interface Demand {
  /** The field of the management API, such as `deploy`. */
  readonly action: string;
  readonly service: string;
  readonly stage: string;
}

const covers = (granted: string, asked: string) => granted === '*' || granted === asked;

/**
 * Whether `grant` allows `demand`. Servers check the target only; the gateway also checks the
 * action.
 */
export function isGranted({ target, action }: Grant, demand: Demand): boolean {
  const [service, stage, ...rest] = target.split('/');
  if (!service || !stage || rest.length > 0) return false;
  return (
    covers(service, demand.service) && covers(stage, demand.stage) && covers(action, demand.action)
  );
}

/** The smallest grant with which a server accepts `demand`. */
export const grantFor = ({ service, stage }: Demand): Grant => ({
  target: `${service || '*'}/${stage || '*'}`,
  action: '*',
});
