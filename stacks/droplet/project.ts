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
  /** URN of the volume, if the cluster has one. */
  readonly volume: string | undefined;
  /** The resources of these URNs: a project must be removed before they are. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A project that the kit creates, with the droplet and the volume of one cluster. A reserved address is in the
 * project of its droplet by itself: DigitalOcean refuses to move it alone.
 */
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
    if (props.volume === undefined) return;
    // On its own: it leaves the project while it still exists, which it must.
    new ProjectResources(this, 'data', {
      project: project.id,
      resources: [props.volume],
      dependsOn: [droplet],
    }).overrideLogicalId(`${id}-data`);
  }
}
