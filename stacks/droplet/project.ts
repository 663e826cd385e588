import { Project } from '@cdktf/provider-digitalocean/lib/project/index.js';
import { ProjectResources } from '@cdktf/provider-digitalocean/lib/project-resources/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { projectDescription } from './account-names.js';

/** What {@link DropletProject} takes. */
export interface DropletProjectProps {
  readonly cluster: string;
  readonly name: string;
  /** URNs of what goes into it. */
  readonly resources: readonly string[];
  /** What these URNs are of: a project can be removed only while nothing in it is being removed. */
  readonly dependsOn: ITerraformDependable[];
}

/** A project of the kit's own making, with the parts of one cluster in it. */
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
    new ProjectResources(this, 'resources', {
      project: project.id,
      resources: [...props.resources],
    }).overrideLogicalId(id);
  }
}
