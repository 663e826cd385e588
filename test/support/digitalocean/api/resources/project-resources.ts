import { badRequest, preconditionFailed } from '../api-error.js';
import type { Project } from '../state.js';
import { timestamp, type World } from '../world.js';

/** The project that takes what names no other; every account has one. */
export function defaultProject(world: World): Project {
  const { projects } = world.state;
  const found = [...projects.values()].find(({ isDefault }) => isDefault);
  if (found) return found;
  const now = timestamp(world);
  const project: Project = {
    id: world.ids.uuid(),
    createdAt: now,
    updatedAt: now,
    isDefault: true,
    name: 'first-project',
    description: 'Update your project information under Settings',
    purpose: 'Just trying out DigitalOcean',
    environment: '',
    resources: new Map(),
  };
  projects.set(project.id, project);
  return project;
}

/** A resource is in one project at a time. What is assigned to a droplet goes with it. */
export function assignTo(world: World, project: Project, urn: string): void {
  forgetResource(world, urn);
  project.resources.set(urn, timestamp(world));
  for (const { ip, dropletId } of world.state.reservedIps.values()) {
    if (urn === `do:droplet:${dropletId}`) assignTo(world, project, addressUrn(ip));
  }
}

/** Projects list a reserved address by its name of before, and take both. */
export const addressUrn = (ip: string): string => `do:floatingip:${ip}`;

/** Result for one resource of an assignment, which may have several. Nothing is refused for what is not there. */
type Assigned = 'assigned' | 'already_assigned' | 'not_found';

/** Puts resources into a project. @throws ApiError before the first of them moves */
export function assignAll(world: World, project: Project, urns: readonly string[]): Assigned[] {
  const listed = urns.map((urn) => urn.replace(/^do:reservedip:/, 'do:floatingip:'));
  for (const urn of listed) checkMove(world, project, listed, urn);
  return listed.map((urn) => {
    if (pathOfUrn(world, urn) === undefined) return 'not_found';
    if (project.resources.has(urn)) return 'already_assigned';
    assignTo(world, project, urn);
    return 'assigned';
  });
}

function checkMove(world: World, to: Project, urns: readonly string[], urn: string): void {
  const [, type, id = ''] = URN.exec(urn) ?? [];
  if (type === undefined || !TYPES.includes(type)) {
    throw badRequest(`resource types must be one of the following: ${TYPES.join(' ')}`);
  }
  const droplet = type === 'floatingip' && world.state.reservedIps.get(id)?.dropletId;
  if (!droplet || to.resources.has(urn) || urns.includes(`do:droplet:${droplet}`)) return;
  throw preconditionFailed(
    'Cannot move a Reserved IP with an associated Droplet. Move the Droplet instead',
  );
}

const URN = /^do:([a-z]+):(.+)$/;
const TYPES = ['dbaas', 'droplet', 'floatingip', 'volume'];

/** The project of a resource. */
export const projectOf = (world: World, urn: string): Project =>
  [...world.state.projects.values()].find(({ resources }) => resources.has(urn)) ??
  defaultProject(world);

/** Where new resources go. */
export const assignToDefaultProject = (world: World, urn: string): void =>
  assignTo(world, defaultProject(world), urn);

/** Takes a resource out of its project: it is gone, or moves on. */
export function forgetResource(world: World, urn: string): void {
  for (const { resources } of world.state.projects.values()) resources.delete(urn);
}

/** The path of a resource; undefined when the URN is none, or names nothing on the account. */
export function pathOfUrn({ state }: World, urn: string): string | undefined {
  const [, type, id = ''] = URN.exec(urn) ?? [];
  if (type === 'droplet' && state.droplets.has(Number(id))) return `/v2/droplets/${id}`;
  if (type === 'volume' && state.volumes.has(id)) return `/v2/volumes/${id}`;
  if (type === 'dbaas' && state.databases.has(id)) return `/v2/databases/${id}`;
  if (type === 'floatingip' && state.reservedIps.has(id)) return `/v2/reserved_ips/${id}`;
  return undefined;
}
