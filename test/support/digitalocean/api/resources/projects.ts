import { z } from 'zod';
import { conflict, forbidden, notFound, preconditionFailed } from '../api-error.js';
import { page } from '../page.js';
import { bodyOf } from '../request-body.js';
import { type Call, noContent, type Route, route } from '../route.js';
import type { Project } from '../state.js';
import { timestamp, type World } from '../world.js';
import { assignAll, defaultProject, pathOfUrn } from './project-resources.js';

const PATH = '/v2/projects';
const OWNER = { owner_uuid: '0f1e2d3c4b5a69788796a5b4c3d2e1f001234567', owner_id: 258_110 };
const PURPOSES = [
  'Just trying out DigitalOcean',
  'Class project / Educational purposes',
  'Website or blog',
  'Web Application',
  'Service or API',
  'Mobile Application',
  'Machine learning / AI / Data processing',
  'IoT',
  'Operational / Developer tooling',
];

const text = z.string().max(255);
const creation = z.object({
  name: z.string().min(1).max(175),
  purpose: text.min(1),
  description: text.nullish(),
  environment: z
    .string()
    .regex(/^(development|staging|production)?$/i, 'must be Development, Staging or Production')
    .nullish(),
});
const update = creation.partial();
const assignment = z.object({ resources: z.array(z.string()) });

const view = (project: Project) => ({
  id: project.id,
  ...OWNER,
  name: project.name,
  description: project.description,
  purpose: project.purpose,
  environment: project.environment,
  is_default: project.isDefault,
  created_at: project.createdAt,
  updated_at: project.updatedAt,
});

/** Projects and what is in them. */
export function projectRoutes(world: World): Route[] {
  const { projects } = world.state;
  const existing = (id = ''): Project => {
    const project = id === 'default' ? defaultProject(world) : projects.get(id);
    if (!project) throw notFound();
    return project;
  };
  const checkFree = (name: string, own?: Project) => {
    const taken = [...projects.values()].some((one) => one !== own && one.name === name);
    if (taken) throw conflict('name is already in use');
  };
  const edit = ({ params: { id }, body }: Call) => {
    const project = existing(id);
    const { name, purpose, description, environment } = bodyOf(update, body);
    if (name != null) checkFree(name, project);
    project.name = name ?? project.name;
    project.purpose = purpose == null ? project.purpose : storedPurpose(purpose);
    project.description = description ?? project.description;
    project.environment =
      environment == null ? project.environment : storedEnvironment(environment);
    project.updatedAt = timestamp(world);
    return { status: 200, body: { project: view(project) } };
  };
  const resourceView = (call: Call, project: Project, status: string) => (urn: string) => ({
    urn,
    assigned_at: project.resources.get(urn),
    links: { self: `${call.origin}${pathOfUrn(world, urn) ?? ''}` },
    status,
  });
  return [
    route('GET', PATH, 'project:read', (call) => {
      defaultProject(world);
      return page(call, PATH, 'projects', [...projects.values()], view);
    }),
    route('POST', PATH, 'project:create', ({ body }) => {
      const { name, purpose, description, environment } = bodyOf(creation, body);
      checkFree(name);
      const now = timestamp(world);
      const project: Project = {
        id: world.ids.uuid(),
        createdAt: now,
        updatedAt: now,
        isDefault: false,
        name,
        description: description ?? '',
        purpose: storedPurpose(purpose),
        environment: storedEnvironment(environment ?? ''),
        resources: new Map(),
      };
      projects.set(project.id, project);
      return { status: 201, body: { project: view(project) } };
    }),
    route('GET', `${PATH}/:id`, 'project:read', ({ params: { id } }) => ({
      status: 200,
      body: { project: view(existing(id)) },
    })),
    route('PATCH', `${PATH}/:id`, 'project:update', edit),
    route('DELETE', `${PATH}/:id`, 'project:delete', ({ params: { id } }) => {
      const project = existing(id);
      if (project.isDefault) throw forbidden('cannot delete the default project');
      if (project.resources.size > 0) {
        throw preconditionFailed(
          'cannot delete a project with resources. move or remove the resources first',
        );
      }
      projects.delete(project.id);
      return noContent;
    }),
    route('GET', `${PATH}/:id/resources`, 'project:read', (call) => {
      const project = existing(call.params.id);
      const path = `${PATH}/${project.id}/resources`;
      const urns = [...project.resources.keys()];
      return page(call, path, 'resources', urns, resourceView(call, project, 'ok'));
    }),
    route('POST', `${PATH}/:id/resources`, 'project:assign_resource', (call) => {
      const project = existing(call.params.id);
      const { resources } = bodyOf(assignment, call.body);
      const results = assignAll(world, project, resources);
      const body = {
        resources: resources.map((urn, at) =>
          resourceView(call, project, results[at] ?? 'ok')(urn),
        ),
      };
      return { status: 200, body };
    }),
  ];
}

const storedPurpose = (purpose: string): string =>
  PURPOSES.includes(purpose) || purpose.startsWith('Other: ') ? purpose : `Other: ${purpose}`;

const storedEnvironment = (environment: string): string =>
  environment.slice(0, 1).toUpperCase() + environment.slice(1).toLowerCase();
