import { Project } from '@cdktf/provider-digitalocean/lib/project/index.js';
import { ProjectResources } from '@cdktf/provider-digitalocean/lib/project-resources/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { projectDescription } from './account-names.js';

/** What {@link DropletProject} takes. */
export interface DropletProjectProps {
  readonly cluster: string;
  readonly name: string;
  /** URN of the droplet. */
  readonly droplet: string;
  /** URNs of what may be taken away, by name. */
  readonly others: Readonly<Record<string, string>>;
  /** The resources of these URNs: a project must be removed before they are. */
  readonly dependsOn: ITerraformDependable[];
}

/** A project that the kit creates, with the resources of one cluster. */
export class DropletProject extends Construct {
  constructor(scope: Construct, id: string, props: DropletProjectProps) {
    super(scope, id);
    const project = new Project(this, 'project', {
      name: props.name,
      description: projectDescription(props.cluster),
      purpose: 'Service or API',
      dependsOn: props.dependsOn,
    });
    project.overrideLogicalId(id);
    const droplet = new ProjectResources(this, 'resources', {
      project: project.id,
      resources: [props.droplet],
    });
    droplet.overrideLogicalId(id);
    // Each on its own: it leaves the project while it still exists, which it must.
    for (const [name, urn] of Object.entries(props.others)) {
      new ProjectResources(this, name, {
        project: project.id,
        resources: [urn],
        dependsOn: [droplet],
      }).overrideLogicalId(`${id}-${name}`);
    }
  }
}
