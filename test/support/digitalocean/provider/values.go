package main

import (
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// An empty answer leaves a null as it is: the API does not tell "not set" from "empty". Texts keep the
// spelling that `prior` has for them.
func textsOr(prior types.Set, values []string) types.Set {
	if len(values) == 0 && !known(prior) {
		return types.SetNull(types.StringType)
	}
	spelling := map[string]string{}
	for _, text := range texts(prior) {
		spelling[strings.ToLower(text)] = text
	}
	elements := []attr.Value{}
	for _, value := range values {
		if text, ok := spelling[strings.ToLower(value)]; ok {
			value = text
		}
		elements = append(elements, types.StringValue(value))
	}
	return types.SetValueMust(types.StringType, elements)
}

// A set that is always there, if empty.
var noTexts = types.SetValueMust(types.StringType, nil)

func known(value attr.Value) bool { return !value.IsNull() && !value.IsUnknown() }

func texts(set types.Set) []string {
	out := []string{}
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok && known(text) {
			out = append(out, text.ValueString())
		}
	}
	return out
}

// What is in `left` and not in `right`.
func without(left, right []string) []string {
	there := map[string]bool{}
	for _, text := range right {
		there[text] = true
	}
	var out []string
	for _, text := range left {
		if !there[text] {
			out = append(out, text)
		}
	}
	return out
}

func numericID(id types.String) (int, error) {
	number, err := strconv.Atoi(id.ValueString())
	if err != nil {
		return 0, fmt.Errorf("its id is %q and should be a number", id.ValueString())
	}
	return number, nil
}

func timeout(block types.Object, name string, otherwise time.Duration) time.Duration {
	configured, _ := block.Attributes()[name].(types.String)
	if parsed, err := time.ParseDuration(configured.ValueString()); err == nil {
		return parsed
	}
	return otherwise
}

var counter atomic.Uint32

// An id for what has none at the API.
func inventedID(parts ...any) types.String {
	now := strings.ReplaceAll(time.Now().UTC().Format("20060102150405.0000"), ".", "")
	return types.StringValue(fmt.Sprintf("%v-%v-%s%08x", append(parts, now, counter.Add(1))...))
}
