package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/digitalocean/godo"
	"golang.org/x/oauth2"
)

// An account at DigitalOcean, or at whatever answers at api_endpoint.
type account struct {
	*godo.Client
	pace pace
	// Waits as the newest release that is known here does, and not as the oldest that the kit takes.
	isNewest bool
}

// Which of the two releases the waits are those of.
const releaseVariable = "CLUSTERKIT_STANDIN_RELEASE"

func newest(setting string) (bool, error) {
	switch setting {
	case "", providerVersion:
		return false, nil
	case newestVersion:
		return true, nil
	}
	return false, fmt.Errorf("%s=%q: it takes %s or %s", releaseVariable, setting, providerVersion, newestVersion)
}

func openAccount(config providerModel, terraformVersion string) (*account, error) {
	pace, err := paceFrom(os.Getenv(delayVariable))
	if err != nil {
		return nil, err
	}
	isNewest, err := newest(os.Getenv(releaseVariable))
	if err != nil {
		return nil, err
	}
	retries, err := number("DIGITALOCEAN_HTTP_RETRY_MAX", 4)
	if err != nil {
		return nil, err
	}
	shortest, err := number("DIGITALOCEAN_HTTP_RETRY_WAIT_MIN", 1)
	if err != nil {
		return nil, err
	}
	longest, err := number("DIGITALOCEAN_HTTP_RETRY_WAIT_MAX", 30)
	if err != nil {
		return nil, err
	}
	options := []godo.ClientOpt{
		godo.SetBaseURL(firstOf(config.APIEndpoint.ValueString(), os.Getenv("DIGITALOCEAN_API_URL"), "https://api.digitalocean.com")),
		godo.SetUserAgent("Terraform/" + terraformVersion + " clusterkit-stand-in/" + providerVersion),
	}
	if retries > 0 {
		options = append(options, godo.WithRetryAndBackoffs(godo.RetryConfig{
			RetryMax:     int(retries),
			RetryWaitMin: &shortest,
			RetryWaitMax: &longest,
			Logger:       log.Default(),
		}))
	}
	token := firstOf(config.Token.ValueString(), os.Getenv("DIGITALOCEAN_TOKEN"), os.Getenv("DIGITALOCEAN_ACCESS_TOKEN"))
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})
	client, err := godo.New(oauth2.NewClient(context.Background(), source), options...)
	return &account{client, pace, isNewest}, err
}

func firstOf(candidates ...string) string {
	for _, candidate := range candidates {
		if candidate != "" {
			return candidate
		}
	}
	return ""
}

func number(variable string, otherwise float64) (float64, error) {
	text := os.Getenv(variable)
	if text == "" {
		return otherwise, nil
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, fmt.Errorf("%s=%q is no number", variable, text)
	}
	return value, nil
}

func isStatus(err error, code int) bool {
	var answer *godo.ErrorResponse
	return errors.As(err, &answer) && answer.Response != nil && answer.Response.StatusCode == code
}

func isGone(err error) bool { return isStatus(err, http.StatusNotFound) }

func says(err error, code int, words string) bool {
	return isStatus(err, code) && strings.Contains(strings.ToLower(err.Error()), strings.ToLower(words))
}
