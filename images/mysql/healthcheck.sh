#!/bin/sh
# Healthy: the server answers a query over TCP, which the temporary one of the first boot lacks.
account=/var/lib/mysql/.healthcheck.cnf
[ ! -r $account ] || exec mysql --defaults-file=$account --execute='SELECT 1' >/dev/null

# Data from another image has no health account: use root, with the password of the environment.
MYSQL_PWD=${MYSQL_ROOT_PASSWORD:-$(cat "${MYSQL_ROOT_PASSWORD_FILE:-/dev/null}")}
export MYSQL_PWD
exec mysql --host=127.0.0.1 --user=root --execute='SELECT 1' >/dev/null
