package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/digitalocean/godo"
)

// The newest release lets the droplet's own actions end before it assigns an address. Those of volumes and of
// other addresses are not among them.
func (do *account) awaitActions(ctx context.Context, droplet int) error {
	if !do.isNewest || droplet == 0 {
		return nil
	}
	return do.pace.until(ctx, wait{
		what:    fmt.Sprintf("droplet %d with its actions", droplet),
		pending: []string{"waiting"},
		target:  "ready",
		timeout: 2 * time.Minute,
		share:   0.3,
		look: func() (string, error) {
			actions, _, err := do.Droplets.Actions(ctx, droplet, &godo.ListOptions{PerPage: 50})
			isPending := func(action godo.Action) bool {
				return action.Status != "completed" && action.Status != "errored"
			}
			if slices.ContainsFunc(actions, isPending) {
				return "waiting", err
			}
			return "ready", err
		},
	})
}

// What an action came to that the API does not know (yet): the address itself tells.
func (do *account) holds(ctx context.Context, ip string, droplet int) (string, error) {
	found, _, err := do.ReservedIPs.Get(ctx, ip)
	if err != nil {
		return "", nil
	}
	at := 0
	if found.Droplet != nil {
		at = found.Droplet.ID
	}
	if at == droplet {
		return "completed", nil
	}
	return "", nil
}
