// Drives a DigitalOcean API by the official client, through the life of a droplet cluster, and prints
// what the client understood as JSON. The address is the first argument, the token is read from the
// environment. Exits with 1 at the first error.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/digitalocean/godo"
	"golang.org/x/oauth2"
)

var ctx = context.Background()

func must[T any](value T, _ *godo.Response, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	token := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: os.Getenv("DIGITALOCEAN_TOKEN")})
	client, err := godo.New(oauth2.NewClient(ctx, token),
		godo.SetBaseURL(os.Args[1]),
		godo.WithRetryAndBackoffs(godo.RetryConfig{
			RetryMax:     4,
			RetryWaitMin: godo.PtrTo(0.01),
			RetryWaitMax: godo.PtrTo(0.02),
		}))
	check(err)
	told := map[string]any{}

	account := must(client.Account.Get(ctx))
	told["dropletLimit"] = account.DropletLimit
	sizes := must(client.Sizes.List(ctx, &godo.ListOptions{PerPage: 200}))
	for _, size := range sizes {
		if size.Slug == "s-1vcpu-2gb" {
			told["priceMonthly"] = size.PriceMonthly
		}
	}
	told["image"] = must(client.Images.GetBySlug(ctx, "debian-12-x64")).Distribution
	key := must(client.Keys.Create(ctx, &godo.KeyCreateRequest{Name: "godo", PublicKey: os.Args[2]}))
	volume := must(client.Storage.CreateVolume(ctx, &godo.VolumeCreateRequest{
		Name: "godo-data", Region: "fra1", SizeGigaBytes: 10, FilesystemType: "ext4",
	}))
	droplet := must(client.Droplets.Create(ctx, &godo.DropletCreateRequest{
		Name: "godo", Region: "fra1", Size: "s-1vcpu-2gb",
		Image:    godo.DropletCreateImage{Slug: "debian-12-x64"},
		SSHKeys:  []godo.DropletCreateSSHKey{{ID: key.ID}, {Fingerprint: key.Fingerprint}},
		Volumes:  []godo.DropletCreateVolume{{ID: volume.ID}},
		Tags:     []string{"clusterkit"},
		UserData: "#cloud-config",
	}))
	told["new"] = droplet.Status
	droplet = must(client.Droplets.Get(ctx, droplet.ID))
	told["later"] = droplet.Status
	told["address"], err = droplet.PublicIPv4()
	check(err)
	told["attached"] = len(droplet.VolumeIDs)

	firewall := must(client.Firewalls.Create(ctx, &godo.FirewallRequest{
		Name: "godo",
		Tags: []string{"clusterkit"},
		InboundRules: []godo.InboundRule{{
			Protocol: "tcp", PortRange: "22", Sources: &godo.Sources{Addresses: []string{"192.0.2.1"}},
		}},
	}))
	told["firewall"] = must(client.Firewalls.Get(ctx, firewall.ID)).Status
	address := must(client.ReservedIPs.Create(ctx, &godo.ReservedIPCreateRequest{Region: "fra1"}))
	action := must(client.ReservedIPActions.Assign(ctx, address.IP, droplet.ID))
	told["assign"] = must(client.ReservedIPActions.Get(ctx, address.IP, action.ID)).Status
	project := must(client.Projects.Create(ctx, &godo.CreateProjectRequest{
		Name: "godo", Purpose: "Service or API", Environment: "Development",
	}))
	must(client.Projects.AssignResources(ctx, project.ID, droplet, volume, address))
	told["inProject"] = len(must(client.Projects.ListResources(ctx, project.ID, nil)))
	action = must(client.DropletActions.PowerCycle(ctx, droplet.ID))
	told["powerCycle"] = must(client.Actions.Get(ctx, action.ID)).Status

	drive(client, told)
	refusal, _ := client.Storage.DeleteVolume(ctx, volume.ID)
	told["volumeInUse"] = refusal.StatusCode
	refusal, _ = client.ReservedIPs.Delete(ctx, address.IP)
	told["addressInUse"] = refusal.StatusCode
	_, refused := client.Projects.Delete(ctx, project.ID)
	var answer *godo.ErrorResponse
	if errors.As(refused, &answer) {
		told["projectInUse"] = answer.Response.StatusCode
		told["requestID"] = answer.RequestID != ""
	}
	fallback := must(client.Projects.GetDefault(ctx))
	must(client.Projects.AssignResources(ctx, fallback.ID, droplet, volume, address))
	check(second(client.Projects.Delete(ctx, project.ID)))
	action = must(client.ReservedIPActions.Unassign(ctx, address.IP))
	must(client.Actions.Get(ctx, action.ID))
	check(second(client.ReservedIPs.Delete(ctx, address.IP)))
	check(second(client.Firewalls.Delete(ctx, firewall.ID)))
	action = must(client.StorageActions.DetachByDropletID(ctx, volume.ID, droplet.ID))
	told["detach"] = must(client.StorageActions.Get(ctx, volume.ID, action.ID)).Status
	check(second(client.Droplets.Delete(ctx, droplet.ID)))
	_, gone, _ := client.Droplets.Get(ctx, droplet.ID)
	told["gone"] = gone.StatusCode == http.StatusNotFound
	check(second(client.Storage.DeleteVolume(ctx, volume.ID)))
	check(second(client.Keys.DeleteByID(ctx, key.ID)))
	check(second(client.Tags.Delete(ctx, "clusterkit")))
	check(json.NewEncoder(os.Stdout).Encode(told))
}

func second(_ *godo.Response, err error) error { return err }
