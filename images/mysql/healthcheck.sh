#!/bin/sh
# Healthy means: the server answers a query over TCP, which the private one of the first boot does not have.
account=/var/lib/mysql/.healthcheck.cnf
[ ! -r $account ] || exec mysql --defaults-file=$account --execute='SELECT 1' >/dev/null

# Data that another image made: as root, as its environment says.
MYSQL_PWD=${MYSQL_ROOT_PASSWORD:-$(cat "${MYSQL_ROOT_PASSWORD_FILE:-/dev/null}")}
export MYSQL_PWD
exec mysql --host=127.0.0.1 --user=root --execute='SELECT 1' >/dev/null
