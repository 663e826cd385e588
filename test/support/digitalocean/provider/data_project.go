package main

import (
	"context"
	"errors"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type foundProject struct {
	ID          types.String `tfsdk:"id"`
	Name        types.String `tfsdk:"name"`
	Description types.String `tfsdk:"description"`
	Purpose     types.String `tfsdk:"purpose"`
	Environment types.String `tfsdk:"environment"`
	OwnerUUID   types.String `tfsdk:"owner_uuid"`
	OwnerID     types.Int64  `tfsdk:"owner_id"`
	IsDefault   types.Bool   `tfsdk:"is_default"`
	CreatedAt   types.String `tfsdk:"created_at"`
	UpdatedAt   types.String `tfsdk:"updated_at"`
	Resources   types.Set    `tfsdk:"resources"`
}

// By id or by name; the account's default project where neither is given.
func projectData() datasource.DataSource {
	shape := map[string]schema.Attribute{
		"id": dataText(optionalComputed), "name": dataText(optionalComputed), "owner_id": dataWhole(computed),
		"is_default": dataTruth(computed), "resources": dataSet(types.StringType, computed),
	}
	return &lookup[foundProject]{
		name:  "project",
		shape: dataTexts(shape, "description", "purpose", "environment", "owner_uuid", "created_at", "updated_at"),
		validate: func(config *foundProject) error {
			if !config.ID.IsNull() && !config.Name.IsNull() {
				return errors.New("id cannot stand beside name")
			}
			return nil
		},
		find: func(ctx context.Context, do *account, wanted *foundProject) error {
			id, err := wanted.find(ctx, do)
			if err != nil {
				return err
			}
			as := project{ID: types.StringValue(id), Environment: types.StringValue("")}
			if err := there(readProject(ctx, do, &as)); err != nil {
				return err
			}
			*wanted = foundProject{
				as.ID, as.Name, as.Description, as.Purpose, as.Environment, as.OwnerUUID, as.OwnerID,
				as.IsDefault, as.CreatedAt, as.UpdatedAt, as.Resources,
			}
			return nil
		},
	}
}

func (f *foundProject) find(ctx context.Context, do *account) (string, error) {
	if id := f.ID.ValueString(); id != "" {
		return id, nil
	}
	if name := f.Name.ValueString(); name != "" {
		all, err := pages(func(page *godo.ListOptions) ([]godo.Project, *godo.Response, error) {
			return do.Projects.List(ctx, page)
		})
		if err != nil {
			return "", err
		}
		found, err := only(all, "projects with name "+name, func(p godo.Project) bool { return p.Name == name })
		if err != nil {
			return "", err
		}
		return found.ID, nil
	}
	found, _, err := do.Projects.GetDefault(ctx)
	if err != nil {
		return "", err
	}
	return found.ID, nil
}
