import type { LoadedService } from './deploy/load-service.js';
import { interpolate } from './prisma-yml/interpolate.js';
import { parseEndpoint, tidyEndpoint } from './prisma-yml/parse-endpoint.js';

/** Service and stage of a prisma.yml; `default` where it names none. */
export function namesOfService({ service: { service, stage, endpoint }, sources }: LoadedService) {
  const named = { service: service?.value ?? 'default', stage: stage?.value ?? 'default' };
  if (endpoint === undefined) return named;
  // The address of the server may be in a variable that only a deployment knows.
  const raw = endpoint.value ?? endpoint.raw.replace(/^\$\{env:[^}]*\}/, 'http://host');
  const { value } = interpolate(raw, { ...sources, self: {} });
  const parsed = parseEndpoint(tidyEndpoint(String(value)));
  return typeof parsed === 'string' ? named : { service: parsed.service, stage: parsed.stage };
}
