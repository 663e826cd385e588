package main

import (
	"context"
	"slices"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type tag struct {
	ID   types.String `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
}

func (t *tag) identity() *types.String { return &t.ID }

func tagResource() resource.Resource {
	return &kind[tag, *tag]{
		name: "tag",
		shape: schema.Schema{Attributes: map[string]schema.Attribute{
			"id":   text(optionalComputed),
			"name": text(required, tagName, replaces{}),
		}},
		create: func(ctx context.Context, do *account, planned, _ *tag) error {
			made, _, err := do.Tags.Create(ctx, &godo.TagCreateRequest{Name: planned.Name.ValueString()})
			if err != nil {
				return err
			}
			planned.ID = types.StringValue(made.Name)
			_, err = readTag(ctx, do, planned)
			return err
		},
		read: readTag,
		remove: func(ctx context.Context, do *account, state *tag) error {
			_, err := do.Tags.Delete(ctx, state.ID.ValueString())
			return err
		},
	}
}

func readTag(ctx context.Context, do *account, state *tag) (bool, error) {
	found, _, err := do.Tags.Get(ctx, state.ID.ValueString())
	if isGone(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	state.Name = types.StringValue(found.Name)
	return true, nil
}

// Changes the tags of an object that exists: removals first, then each new tag is made and put on.
func retag(ctx context.Context, do *account, id string, of godo.ResourceType, before, planned types.Set) error {
	object := []godo.Resource{{ID: id, Type: of}}
	removed, added := without(texts(before), texts(planned)), without(texts(planned), texts(before))
	slices.Sort(removed)
	slices.Sort(added)
	for _, name := range removed {
		if _, err := do.Tags.UntagResources(ctx, name, &godo.UntagResourcesRequest{Resources: object}); err != nil {
			return err
		}
	}
	for _, name := range added {
		made, _, err := do.Tags.Create(ctx, &godo.TagCreateRequest{Name: name})
		if err != nil {
			return err
		}
		if _, err := do.Tags.TagResources(ctx, made.Name, &godo.TagResourcesRequest{Resources: object}); err != nil {
			return err
		}
	}
	return nil
}
