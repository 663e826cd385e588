package main

import (
	"context"
	"slices"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Nothing leaves a project: it is moved into another one.
func (do *account) moveTo(ctx context.Context, project string, urns []string) error {
	var named []any
	for _, urn := range urns {
		named = append(named, urn)
	}
	_, _, err := do.Projects.AssignResources(ctx, project, named...)
	return err
}

func (do *account) moveToDefault(ctx context.Context, urns []string) error {
	project, _, err := do.Projects.GetDefault(ctx)
	if err != nil {
		return err
	}
	return do.moveTo(ctx, project.ID, urns)
}

func (do *account) moveChanged(ctx context.Context, project string, before, planned types.Set) error {
	removed, added := without(texts(before), texts(planned)), without(texts(planned), texts(before))
	if len(removed) > 0 && known(planned) {
		if err := do.moveToDefault(ctx, removed); err != nil {
			return err
		}
	}
	if len(added) > 0 {
		return do.moveTo(ctx, project, added)
	}
	return nil
}

func (do *account) resourcesOf(ctx context.Context, project string) ([]string, error) {
	var urns []string
	found, err := pages(func(page *godo.ListOptions) ([]godo.ProjectResource, *godo.Response, error) {
		return do.Projects.ListResources(ctx, project, page)
	})
	for _, resource := range found {
		urns = append(urns, resource.URN)
	}
	slices.Sort(urns)
	return urns, err
}

// All pages of a listing, 200 a page.
func pages[T any](page func(*godo.ListOptions) ([]T, *godo.Response, error)) ([]T, error) {
	options := &godo.ListOptions{Page: 1, PerPage: 200}
	var all []T
	for {
		some, response, err := page(options)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if response.Links == nil || response.Links.IsLastPage() {
			return all, nil
		}
		current, err := response.Links.CurrentPage()
		if err != nil {
			return nil, err
		}
		options.Page = current + 1
	}
}
