package main

import (
	"context"
	"strconv"
	"time"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type sshKey struct {
	ID        types.String `tfsdk:"id"`
	Name      types.String `tfsdk:"name"`
	PublicKey types.String `tfsdk:"public_key"`
}

func (k *sshKey) identity() *types.String { return &k.ID }

func sshKeyResource() resource.Resource {
	return &kind[sshKey, *sshKey]{
		name: "ssh_key",
		shape: schema.Schema{Attributes: map[string]schema.Attribute{
			"id":         text(optionalComputed),
			"name":       text(required, notEmpty),
			"public_key": text(required, notEmpty, ignoringSpaceAround, replaces{}),
		}},
		create: createSSHKey,
		read:   readSSHKey,
		update: func(ctx context.Context, do *account, _, planned *sshKey) error {
			id, err := numericID(planned.ID)
			if err != nil {
				return err
			}
			if _, _, err := do.Keys.UpdateByID(ctx, id, &godo.KeyUpdateRequest{Name: planned.Name.ValueString()}); err != nil {
				return err
			}
			_, err = readSSHKey(ctx, do, planned)
			return err
		},
		remove: func(ctx context.Context, do *account, state *sshKey) error {
			id, err := numericID(state.ID)
			if err == nil {
				_, err = do.Keys.DeleteByID(ctx, id)
			}
			return err
		},
	}
}

// A key may not be found at once after it was made.
func createSSHKey(ctx context.Context, do *account, planned, _ *sshKey) error {
	key, _, err := do.Keys.Create(ctx, &godo.KeyCreateRequest{
		Name:      planned.Name.ValueString(),
		PublicKey: planned.PublicKey.ValueString(),
	})
	if err != nil {
		return err
	}
	planned.ID = types.StringValue(strconv.Itoa(key.ID))
	err = do.pace.retry(ctx, 2*time.Minute, func() (bool, error) {
		_, _, err := do.Keys.GetByID(ctx, key.ID)
		return isGone(err), err
	})
	if err != nil {
		return err
	}
	_, err = readSSHKey(ctx, do, planned)
	return err
}

func readSSHKey(ctx context.Context, do *account, state *sshKey) (bool, error) {
	id, err := numericID(state.ID)
	if err != nil {
		return false, err
	}
	key, _, err := do.Keys.GetByID(ctx, id)
	if isGone(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	state.Name = types.StringValue(key.Name)
	state.PublicKey = types.StringValue(key.PublicKey)
	return true, nil
}
