import { createHash } from 'node:crypto';
import { z } from 'zod';
import { currentOf, managedIn, type State } from '../../clients/terraform/state/state.js';
import { CONTAINER_ROLES, type ContainerRole } from '../../cluster/names.js';
import { finishedAttempt, lastAttempt } from '../common/attempt.js';
import type { CommonFacts } from '../common/stages/facts.js';

/** A label of each container: a different value replaces the container, so that it reads its files again. */
export type Revisions = Readonly<Record<ContainerRole, string>>;

/** Name of the label. */
export const REVISION_LABEL = 'dev.clusterkit.run';

/**
 * The revisions of a stack: a digest of the facts that a container's files follow from, and the attempt that
 * wrote them. A container keeps its revision while the facts are the same, its files are as they should be,
 * and the last apply finished, or made this container.
 *
 * @param facts as stages store them
 * @param stale roles whose files differ from what they should be
 */
export function revisionsOf(
  state: State | undefined,
  facts: CommonFacts,
  stale: ReadonlySet<ContainerRole> = new Set(),
): Revisions {
  const { attempt } = facts;
  const last = state && lastAttempt(state);
  const isFinished = state !== undefined && finishedAttempt(state) !== undefined;
  const revisionOf = (role: ContainerRole) => {
    const digest = digestOf(factsOf(role, facts));
    const present = state && revisionIn(state, role);
    const isSame = present?.startsWith(`${digest}-`) === true && !stale.has(role);
    const isFresh = isFinished || (last !== undefined && present === revision(digest, last));
    return isSame && isFresh ? present : revision(digest, attempt);
  };
  return Object.fromEntries(CONTAINER_ROLES.map((role) => [role, revisionOf(role)])) as Revisions;
}

/**
 * Must the next apply write the files again though no fact has changed? A secret or a file has, which shows in
 * no stage's input: then a new attempt makes every stage run again.
 */
export const isStaleUnseen = (
  state: State,
  facts: CommonFacts,
  stale: ReadonlySet<ContainerRole>,
): boolean =>
  [...stale].some((role) =>
    revisionIn(state, role)?.startsWith(`${digestOf(factsOf(role, facts))}-`),
  );

const revision = (digest: string, attempt: string) => `${digest}-${attempt.slice(0, 8)}`;

/** What the files of a role follow from, besides secrets: see `targets/common/configure.ts`. */
function factsOf(role: ContainerRole, facts: CommonFacts): readonly unknown[] {
  const { connector, external, auth, version, startedImage, gateway, derivedSecret } = facts;
  const derived = derivedSecret ? ['derived secret'] : [];
  const server = [connector, external, auth, version, ...derived];
  const byRole: Readonly<Record<ContainerRole, readonly unknown[]>> = {
    database: [connector, external],
    server: [...server, startedImage, gateway !== undefined],
    gateway: [...server, gateway],
    proxy: [],
  };
  return byRole[role];
}

const digestOf = (value: unknown) =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

const labelled = z.object({ labels: z.array(z.object({ label: z.string(), value: z.string() })) });

function revisionIn(state: State, role: ContainerRole): string | undefined {
  const container = managedIn(state).find(
    ({ type, name }) => type === 'docker_container' && name === role,
  );
  const attributes = container && currentOf(container)?.attributes;
  const labels = labelled.safeParse(attributes).data?.labels ?? [];
  return labels.find(({ label }) => label === REVISION_LABEL)?.value;
}
