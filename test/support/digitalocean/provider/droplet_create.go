package main

import (
	"context"
	"errors"
	"strconv"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var errPolicyWithoutBackups = errors.New("there is a backup_policy while backups are off")

// The plan has no more than the hash of user_data; the text itself is in the configuration.
func createDroplet(ctx context.Context, do *account, planned, config *droplet) error {
	policy := planned.backupPolicy()
	if policy != nil && !planned.Backups.ValueBool() {
		return errPolicyWithoutBackups
	}
	request := &godo.DropletCreateRequest{
		Name:         planned.Name.ValueString(),
		Region:       planned.Region.ValueString(),
		Size:         planned.Size.ValueString(),
		Image:        imageOf(planned.Image.ValueString()),
		Backups:      planned.Backups.ValueBool(),
		BackupPolicy: policy,
		Monitoring:   planned.Monitoring.ValueBool(),
		UserData:     config.UserData.ValueString(),
		Tags:         texts(planned.Tags),
		VPCUUID:      planned.VPCUUID.ValueString(),
	}
	for _, key := range texts(planned.SSHKeys) {
		request.SSHKeys = append(request.SSHKeys, sshKeyOf(key))
	}
	for _, id := range texts(planned.VolumeIDs) {
		if id != "" {
			request.Volumes = append(request.Volumes, godo.DropletCreateVolume{ID: id})
		}
	}
	made, _, err := do.Droplets.Create(ctx, request)
	if err != nil {
		return err
	}
	planned.ID = types.StringValue(strconv.Itoa(made.ID))
	w := wait{what: "the status", pending: []string{"new"}, target: "active", timeout: timeout(planned.Timeouts, "create", hour)}
	if do.isNewest {
		w.mayBeMissing, w.misses = true, 120
	}
	return planned.await(ctx, do, w, func() string { return planned.Status.ValueString() })
}

// A number is an id, anything else a slug.
func imageOf(image string) godo.DropletCreateImage {
	if id, err := strconv.Atoi(image); err == nil {
		return godo.DropletCreateImage{ID: id}
	}
	return godo.DropletCreateImage{Slug: image}
}

// A number is an id, anything else a fingerprint.
func sshKeyOf(key string) godo.DropletCreateSSHKey {
	if id, err := strconv.Atoi(key); err == nil {
		return godo.DropletCreateSSHKey{ID: id}
	}
	return godo.DropletCreateSSHKey{Fingerprint: key}
}

func (d *droplet) backupPolicy() *godo.DropletBackupPolicyRequest {
	for _, element := range d.BackupPolicy.Elements() {
		block, ok := element.(types.Object)
		if !ok {
			continue
		}
		plan, _ := block.Attributes()["plan"].(types.String)
		weekday, _ := block.Attributes()["weekday"].(types.String)
		hour, _ := block.Attributes()["hour"].(types.Int64)
		at := int(hour.ValueInt64())
		return &godo.DropletBackupPolicyRequest{Plan: plan.ValueString(), Weekday: weekday.ValueString(), Hour: &at}
	}
	return nil
}

// The API does not tell which image was asked for by a slug that has moved on.
func adoptDroplet(ctx context.Context, do *account, id string, set func(string, any)) error {
	number, err := numericID(types.StringValue(id))
	if err != nil {
		return err
	}
	found, _, err := do.Droplets.Get(ctx, number)
	if err != nil {
		return err
	}
	image, _ := imageName(found)
	set("id", id)
	set("image", image)
	set("resize_disk", true)
	return nil
}

func imageName(d *godo.Droplet) (string, error) {
	if d.Image == nil {
		return "", errors.New("the API's droplet has no `image` object")
	}
	return firstOf(d.Image.Slug, strconv.Itoa(d.Image.ID)), nil
}
