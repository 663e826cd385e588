package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type projectResources struct {
	ID        types.String `tfsdk:"id"`
	Project   types.String `tfsdk:"project"`
	Resources types.Set    `tfsdk:"resources"`
}

func (p *projectResources) identity() *types.String { return &p.ID }
func (p *projectResources) project() string         { return p.Project.ValueString() }

func projectResourcesResource() resource.Resource {
	return &kind[projectResources, *projectResources]{
		name: "project_resources",
		shape: schema.Schema{Attributes: map[string]schema.Attribute{
			"id":        text(optionalComputed),
			"project":   text(required, notEmpty, replaces{}),
			"resources": setOf(types.StringType, required),
		}},
		create: func(ctx context.Context, do *account, planned, _ *projectResources) error {
			return moveIntoProject(ctx, do, &projectResources{Resources: noTexts}, planned)
		},
		read:   readProjectResources,
		update: moveIntoProject,
		remove: func(ctx context.Context, do *account, state *projectResources) error {
			_, _, err := do.Projects.Get(ctx, state.project())
			if isGone(err) {
				return nil
			}
			if urns := texts(state.Resources); err == nil && len(urns) > 0 {
				err = do.moveToDefault(ctx, urns)
			}
			return err
		},
	}
}

func moveIntoProject(ctx context.Context, do *account, before, planned *projectResources) error {
	if _, _, err := do.Projects.Get(ctx, planned.project()); err != nil {
		return fmt.Errorf("project %s: %w", planned.project(), err)
	}
	if err := do.moveChanged(ctx, planned.project(), before.Resources, planned.Resources); err != nil {
		return err
	}
	planned.ID = planned.Project
	_, err := readProjectResources(ctx, do, planned)
	return err
}

// Only what was configured counts; the project may hold more.
func readProjectResources(ctx context.Context, do *account, state *projectResources) (bool, error) {
	_, _, err := do.Projects.Get(ctx, state.ID.ValueString())
	if isGone(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	there, err := do.resourcesOf(ctx, state.ID.ValueString())
	if err != nil {
		return false, err
	}
	configured := texts(state.Resources)
	state.Project = state.ID
	state.Resources = textsOr(noTexts, without(configured, without(configured, there)))
	return true, nil
}
