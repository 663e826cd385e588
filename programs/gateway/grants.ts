import { z } from 'zod';

/** What a cluster token must say besides being signed. */
export const claimsSchema = z.object({
  grants: z.array(z.object({ target: z.string(), action: z.string() })),
  exp: z.number(),
});

/** `target` is `<service>/<stage>`, `action` a field of the management API; `*` stands for any. */
export type Grant = z.output<typeof claimsSchema>['grants'][number];

/** What a request wants to do. Empty names stand for the whole server. */
export interface Demand {
  /** The field of the management API, such as `deploy`. */
  readonly action: string;
  readonly service: string;
  readonly stage: string;
}

const covers = (granted: string, asked: string) => granted === '*' || granted === asked;

/** Whether `grant` allows `demand`. Servers look at the target only; the gateway at the action too. */
export function isGranted({ target, action }: Grant, demand: Demand): boolean {
  const [service, stage, ...rest] = target.split('/');
  if (!service || !stage || rest.length > 0) return false;
  return (
    covers(service, demand.service) && covers(stage, demand.stage) && covers(action, demand.action)
  );
}

/** The smallest grant that satisfies `demand` at a server. */
export const grantFor = ({ service, stage }: Demand): Grant => ({
  target: `${service || '*'}/${stage || '*'}`,
  action: '*',
});
