package main

import (
	"context"
	"time"
)

// Waits for the lock, detaches volumes, deletes, and waits until the API does not know it any more.
func removeDroplet(ctx context.Context, do *account, state *droplet) error {
	id, err := numericID(state.ID)
	if err != nil {
		return err
	}
	limit := timeout(state.Timeouts, "delete", time.Minute)
	if err := state.awaitTruth(ctx, do, "the lock", false, func() bool { return state.Locked.ValueBool() }, limit); err != nil {
		return err
	}
	if err := do.detachAll(ctx, id, texts(state.VolumeIDs)); err != nil {
		return err
	}
	_, refused := do.Droplets.Delete(ctx, id)
	if isGone(refused) {
		return nil
	}
	// As in the real provider any other refusal shows as a droplet that stays.
	w := wait{what: "the status", pending: []string{"active", "off"}, target: "archive", timeout: time.Minute}
	if err := state.await(ctx, do, w, func() string { return state.Status.ValueString() }); err != nil && !isGone(err) {
		return err
	}
	return nil
}

// One after the other: a droplet takes one action at a time.
func (do *account) detachAll(ctx context.Context, droplet int, volumes []string) error {
	for _, id := range volumes {
		action, _, err := do.StorageActions.DetachByDropletID(ctx, id, droplet)
		if err == nil {
			err = do.done(ctx, action)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
