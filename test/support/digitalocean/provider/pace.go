package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/digitalocean/godo"
)

// Seconds that replace the real provider's fixed 10 s before it looks at anything; `real` keeps them.
const delayVariable = "CLUSTERKIT_STANDIN_DELAY"

const (
	realDelay  = 10 * time.Second
	hour       = time.Hour
	mostMisses = 60
)

type pace struct{ delay, firstPause, longestPause time.Duration }

func paceFrom(setting string) (pace, error) {
	if setting == "" || setting == "real" {
		return pace{realDelay, 3 * time.Second, realDelay}, nil
	}
	seconds, err := strconv.ParseFloat(setting, 64)
	if err != nil || seconds < 0 {
		return pace{}, fmt.Errorf("%s=%q: it takes `real` or a number of seconds", delayVariable, setting)
	}
	delay := time.Duration(seconds * float64(time.Second))
	return pace{delay, max(delay*3/10, 50*time.Millisecond), max(delay, 500*time.Millisecond)}, nil
}

// A state to wait for. Any state that is neither pending nor the target ends the wait.
type wait struct {
	what    string
	pending []string
	target  string
	timeout time.Duration
	// Before the first look, as a share of the usual time. Default: all of it.
	share float64
	// Looks without an answer. Default: 60.
	misses int
	// What is not there (yet) is such a look, and not an error.
	mayBeMissing bool
	// Gives "" where there is nothing to be seen yet.
	look func() (string, error)
}

func (p pace) until(ctx context.Context, w wait) error {
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	last, misses, most := "", 0, mostMisses
	if w.misses > 0 {
		most = w.misses
	}
	first := p.delay
	if w.share > 0 {
		first = time.Duration(float64(first) * w.share)
	}
	for pause, next := p.firstPause, first; ; pause, next = min(2*pause, p.longestPause), pause {
		if err := sleep(ctx, next); err != nil {
			return fmt.Errorf("waiting for %s to become '%s' took more than the time it has; last seen: '%s', time: %s", w.what, w.target, last, w.timeout)
		}
		state, err := w.look()
		if err != nil {
			return err
		}
		if state == w.target {
			return nil
		}
		if state == "" {
			if misses++; misses > most {
				return fmt.Errorf("%s could not be seen in %d looks", w.what, misses)
			}
		} else if last = state; !slices.Contains(w.pending, state) {
			return fmt.Errorf("saw '%s' as %s, which never becomes '%s'", state, w.what, w.target)
		}
	}
}

// Tries again, at growing distances, what reports that it is worth it.
func (p pace) retry(ctx context.Context, timeout time.Duration, try func() (again bool, err error)) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for pause := p.longestPause / 20; ; pause = min(2*pause, p.longestPause) {
		again, err := try()
		if !again || err == nil {
			return err
		}
		if sleep(ctx, pause) != nil {
			return fmt.Errorf("tried until the time was up: %w", err)
		}
	}
}

func sleep(ctx context.Context, pause time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

// Waits for an action that is polled at /v2/actions.
func (do *account) done(ctx context.Context, action *godo.Action) error {
	return do.pace.until(ctx, wait{
		what:    fmt.Sprintf("action %d (%s)", action.ID, action.Type),
		pending: []string{"in-progress"},
		target:  "completed",
		timeout: hour,
		look: func() (string, error) {
			now, _, err := do.Actions.Get(ctx, action.ID)
			switch {
			case err != nil:
				return "", err
			case now.Status == "errored":
				return "errored", nil
			case now.CompletedAt != nil:
				return "completed", nil
			}
			return "in-progress", nil
		},
	})
}
