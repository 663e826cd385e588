package main

import (
	"context"
	"net/http"
	"time"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type volumeAttachment struct {
	ID        types.String `tfsdk:"id"`
	DropletID types.Int64  `tfsdk:"droplet_id"`
	VolumeID  types.String `tfsdk:"volume_id"`
}

func (a *volumeAttachment) identity() *types.String { return &a.ID }
func (a *volumeAttachment) droplet() int            { return int(a.DropletID.ValueInt64()) }
func (a *volumeAttachment) volume() string          { return a.VolumeID.ValueString() }

// The API does one thing at a time with a droplet; the real provider tries again for this long.
const attachTimeout = 5 * time.Minute

func volumeAttachmentResource() resource.Resource {
	return &kind[volumeAttachment, *volumeAttachment]{
		name: "volume_attachment",
		shape: schema.Schema{Attributes: map[string]schema.Attribute{
			"id":         text(optionalComputed),
			"droplet_id": whole(required, notZero, replaces{}),
			"volume_id":  text(required, notEmpty, replaces{}),
		}},
		create: func(ctx context.Context, do *account, planned, _ *volumeAttachment) error {
			volume, _, err := do.Storage.GetVolume(ctx, planned.volume())
			if err != nil {
				return err
			}
			if !isOn(volume, planned.droplet()) {
				if err := do.whenFree(ctx, func() (*godo.Action, *godo.Response, error) {
					return do.StorageActions.Attach(ctx, planned.volume(), planned.droplet())
				}); err != nil {
					return err
				}
			}
			planned.ID = inventedID(planned.droplet(), planned.volume())
			return nil
		},
		read: func(ctx context.Context, do *account, state *volumeAttachment) (bool, error) {
			volume, _, err := do.Storage.GetVolume(ctx, state.volume())
			if isGone(err) {
				return false, nil
			}
			return err == nil && isOn(volume, state.droplet()), err
		},
		remove: func(ctx context.Context, do *account, state *volumeAttachment) error {
			return do.whenFree(ctx, func() (*godo.Action, *godo.Response, error) {
				return do.StorageActions.DetachByDropletID(ctx, state.volume(), state.droplet())
			})
		},
	}
}

func isOn(volume *godo.Volume, droplet int) bool {
	return len(volume.DropletIDs) > 0 && volume.DropletIDs[0] == droplet
}

// Waits for the action that `start` starts, which the API refuses while the droplet is busy.
func (do *account) whenFree(ctx context.Context, start func() (*godo.Action, *godo.Response, error)) error {
	return do.pace.retry(ctx, attachTimeout, func() (bool, error) {
		action, _, err := start()
		if err != nil {
			return says(err, http.StatusUnprocessableEntity, "droplet already has a pending event."), err
		}
		return false, do.done(ctx, action)
	})
}
