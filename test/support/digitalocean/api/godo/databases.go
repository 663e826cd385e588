package main

import (
	"net/http"
	"strings"

	"github.com/digitalocean/godo"
)

// The life of a managed database, and what the client understood of it.
func drive(client *godo.Client, told map[string]any) {
	options := must(client.Databases.ListOptions(ctx))
	told["postgres"] = options.PostgresSQLOptions.Versions
	told["smallest"] = options.MySQLOptions.Layouts[0].Sizes[0]
	database := must(client.Databases.Create(ctx, &godo.DatabaseCreateRequest{
		Name: "godo-database", EngineSlug: "pg", Version: "15", SizeSlug: "db-s-1vcpu-1gb",
		Region: "fra1", NumNodes: 1, Tags: []string{"clusterkit"},
		Rules: []*godo.DatabaseCreateFirewallRule{{Type: "tag", Value: "clusterkit"}},
	}))
	told["databaseNew"] = database.Status
	database = must(client.Databases.Get(ctx, database.ID))
	told["databaseLater"] = database.Status
	told["login"] = database.PrivateConnection.User
	told["password"] = len(database.PrivateConnection.Password) > 10
	told["engine"] = database.EngineSlug + " " + database.VersionSlug
	told["listed"] = len(must(client.Databases.List(ctx, nil)))
	told["carries"] = must(client.Tags.Get(ctx, "clusterkit")).Resources.Count
	rules := must(client.Databases.GetFirewallRules(ctx, database.ID))
	told["trusted"] = rules[0].Type + " " + rules[0].Value
	check(second(client.Databases.UpdateFirewallRules(ctx, database.ID,
		&godo.DatabaseUpdateFirewallRulesRequest{Rules: []*godo.DatabaseFirewallRule{
			{Type: "tag", Value: "clusterkit"}, {Type: "ip_addr", Value: "192.0.2.1"},
		}})))
	told["rules"] = len(must(client.Databases.GetFirewallRules(ctx, database.ID)))
	must(client.Databases.CreateDB(ctx, database.ID, &godo.DatabaseCreateDBRequest{Name: "prisma"}))
	told["dbs"] = len(must(client.Databases.ListDBs(ctx, database.ID, nil)))
	authority := must(client.Databases.GetCA(ctx, database.ID))
	told["authority"] = strings.HasPrefix(string(authority.Certificate), "-----BEGIN CERTIFICATE-----")
	check(second(client.Databases.Delete(ctx, database.ID)))
	_, gone, _ := client.Databases.Get(ctx, database.ID)
	told["databaseGone"] = gone.StatusCode == http.StatusNotFound
}
