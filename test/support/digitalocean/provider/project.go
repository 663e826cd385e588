package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type project struct {
	ID          types.String `tfsdk:"id"`
	Name        types.String `tfsdk:"name"`
	Description types.String `tfsdk:"description"`
	Purpose     types.String `tfsdk:"purpose"`
	Resources   types.Set    `tfsdk:"resources"`
}

func (p *project) identity() *types.String { return &p.ID }

func projectResource() resource.Resource {
	return &kind[project, *project]{
		name: "project",
		shape: schema.Schema{Attributes: map[string]schema.Attribute{
			"id":          text(optionalComputed),
			"name":        text(required, notEmpty, atMost(175)),
			"description": text(optional, textDefault(""), atMost(255)),
			"purpose":     text(optional, textDefault("Web Application"), atMost(255)),
			"resources":   setOf(types.StringType, optionalComputed),
		}},
		create: createProject,
		read:   readProject,
		update: updateProject,
		remove: removeProject,
	}
}

func createProject(ctx context.Context, do *account, planned, _ *project) error {
	made, _, err := do.Projects.Create(ctx, &godo.CreateProjectRequest{
		Name:        planned.Name.ValueString(),
		Purpose:     planned.Purpose.ValueString(),
		Description: planned.Description.ValueString(),
	})
	if err != nil {
		return err
	}
	if urns := texts(planned.Resources); len(urns) > 0 {
		if err := do.moveTo(ctx, made.ID, urns); err != nil {
			_, _ = do.Projects.Delete(ctx, made.ID)
			return err
		}
	}
	planned.ID = types.StringValue(made.ID)
	_, err = readProject(ctx, do, planned)
	return err
}

func updateProject(ctx context.Context, do *account, before, planned *project) error {
	id := planned.ID.ValueString()
	if _, _, err := do.Projects.Update(ctx, id, planned.change()); err != nil {
		return err
	}
	if err := do.moveChanged(ctx, id, before.Resources, planned.Resources); err != nil {
		return err
	}
	_, err := readProject(ctx, do, planned)
	return err
}

// Moving is not at once: the API refuses to delete a project that still has something.
func removeProject(ctx context.Context, do *account, state *project) error {
	if urns := texts(state.Resources); len(urns) > 0 {
		if err := do.moveToDefault(ctx, urns); err != nil {
			return err
		}
	}
	return do.pace.retry(ctx, 3*time.Minute, func() (bool, error) {
		_, err := do.Projects.Delete(ctx, state.ID.ValueString())
		return says(err, http.StatusPreconditionFailed, "cannot delete a project with resources"), err
	})
}

func (p *project) change() *godo.UpdateProjectRequest {
	return &godo.UpdateProjectRequest{
		Name:        p.Name.ValueString(),
		Description: p.Description.ValueString(),
		Purpose:     p.Purpose.ValueString(),
	}
}

// A project that is gone is an error, not a removal, as in the real provider.
func readProject(ctx context.Context, do *account, state *project) (bool, error) {
	found, _, err := do.Projects.Get(ctx, state.ID.ValueString())
	if err != nil {
		return false, err
	}
	urns, err := do.resourcesOf(ctx, found.ID)
	if err != nil {
		return false, err
	}
	state.Name = types.StringValue(found.Name)
	state.Purpose = types.StringValue(strings.TrimPrefix(found.Purpose, "Other: "))
	state.Description = types.StringValue(found.Description)
	state.Resources = textsOr(noTexts, urns)
	return true, nil
}
