package main

import (
	"context"
	"strings"
	"time"

	"github.com/digitalocean/godo"
)

// A change in place: what is wanted, what was, and where it is done.
type dropletChange struct {
	do     *account
	id     int
	limit  time.Duration
	before *droplet
	wanted droplet
	now    *droplet
}

func updateDroplet(ctx context.Context, do *account, before, planned *droplet) error {
	id, err := numericID(planned.ID)
	if err != nil {
		return err
	}
	c := &dropletChange{do, id, timeout(planned.Timeouts, "update", hour), before, *planned, planned}
	steps := []func(context.Context) error{
		c.size, c.name, c.backups, c.backupPolicy, c.tags, c.volumes,
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	_, err = readDroplet(ctx, do, planned)
	return err
}

func (c *dropletChange) finish(ctx context.Context, action *godo.Action, err error) error {
	if err != nil {
		return err
	}
	return c.do.done(ctx, action)
}

// A droplet that could not be resized is switched on again.
func (c *dropletChange) size(ctx context.Context) error {
	if c.wanted.Size.Equal(c.before.Size) {
		return nil
	}
	_, _, err := c.do.DropletActions.PowerOff(ctx, c.id)
	if err != nil && !strings.Contains(err.Error(), "Droplet is already powered off") {
		return err
	}
	if err := c.now.awaitStatus(ctx, c.do, "off", "active", c.limit); err != nil {
		return err
	}
	action, _, resized := c.do.DropletActions.Resize(ctx, c.id, c.wanted.Size.ValueString(), c.wanted.ResizeDisk.ValueBool())
	if resized == nil {
		resized = c.do.done(ctx, action)
	}
	if _, _, err := c.do.DropletActions.PowerOn(ctx, c.id); err != nil {
		return err
	}
	if err := c.now.awaitStatus(ctx, c.do, "active", "off", c.limit); err != nil {
		return err
	}
	return resized
}

func (c *dropletChange) name(ctx context.Context) error {
	if c.wanted.Name.Equal(c.before.Name) {
		return nil
	}
	if _, _, err := c.do.DropletActions.Rename(ctx, c.id, c.wanted.Name.ValueString()); err != nil {
		return err
	}
	w := wait{what: "the name", pending: []string{c.before.Name.ValueString()}, target: c.wanted.Name.ValueString(), timeout: c.limit}
	return c.now.await(ctx, c.do, w, func() string { return c.now.Name.ValueString() })
}

func (c *dropletChange) backups(ctx context.Context) error {
	if c.wanted.Backups.Equal(c.before.Backups) {
		return nil
	}
	policy, actions := c.wanted.backupPolicy(), c.do.DropletActions
	var action *godo.Action
	var err error
	switch {
	case c.wanted.Backups.ValueBool() && policy != nil:
		action, _, err = actions.EnableBackupsWithPolicy(ctx, c.id, policy)
	case c.wanted.Backups.ValueBool():
		action, _, err = actions.EnableBackups(ctx, c.id)
	case policy != nil:
		return errPolicyWithoutBackups
	default:
		action, _, err = actions.DisableBackups(ctx, c.id)
	}
	return c.finish(ctx, action, err)
}

func (c *dropletChange) backupPolicy(ctx context.Context) error {
	policy := c.wanted.backupPolicy()
	if policy == nil || c.wanted.BackupPolicy.Equal(c.before.BackupPolicy) {
		return nil
	}
	if !c.wanted.Backups.ValueBool() {
		return errPolicyWithoutBackups
	}
	action, _, err := c.do.DropletActions.ChangeBackupPolicy(ctx, c.id, policy)
	return c.finish(ctx, action, err)
}

func (c *dropletChange) tags(ctx context.Context) error {
	return retag(ctx, c.do, c.wanted.ID.ValueString(), godo.DropletResourceType, c.before.Tags, c.wanted.Tags)
}

func (c *dropletChange) volumes(ctx context.Context) error {
	if !known(c.wanted.VolumeIDs) {
		return nil
	}
	before, wanted := texts(c.before.VolumeIDs), texts(c.wanted.VolumeIDs)
	for _, id := range without(wanted, before) {
		action, _, err := c.do.StorageActions.Attach(ctx, id, c.id)
		if err := c.finish(ctx, action, err); err != nil {
			return err
		}
	}
	return c.do.detachAll(ctx, c.id, without(before, wanted))
}
