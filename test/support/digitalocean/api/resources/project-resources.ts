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

/** A resource is in one project at a time. */
export function assignTo(world: World, project: Project, urn: string): void {
  forgetResource(world, urn);
  project.resources.set(urn, timestamp(world));
}

/** Where new resources go. */
export const assignToDefaultProject = (world: World, urn: string): void =>
  assignTo(world, defaultProject(world), urn);

/** Takes a resource out of its project: it is gone, or moves on. */
export function forgetResource(world: World, urn: string): void {
  for (const { resources } of world.state.projects.values()) resources.delete(urn);
}

/** The path of a resource; undefined when the URN is none, or names nothing on the account. */
export function pathOfUrn({ state }: World, urn: string): string | undefined {
  const [, type, id = ''] = /^do:([a-z]+):(.+)$/.exec(urn) ?? [];
  if (type === 'droplet' && state.droplets.has(Number(id))) return `/v2/droplets/${id}`;
  if (type === 'volume' && state.volumes.has(id)) return `/v2/volumes/${id}`;
  if (type === 'dbaas' && state.databases.has(id)) return `/v2/databases/${id}`;
  const isReserved = type === 'reservedip' || type === 'floatingip';
  if (isReserved && state.reservedIps.has(id)) return `/v2/reserved_ips/${id}`;
  return undefined;
}
