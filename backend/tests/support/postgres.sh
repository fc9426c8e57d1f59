#!/bin/sh
# A PostgreSQL server for tests that lives only as long as it is needed: unix socket only, small, and nothing made durable.
# With DURABLE=on, as the benches ask, it is set as one would set a server of one's own: durable, and with room for its work.
#
#   postgres.sh run COMMAND…   runs COMMAND with TEST_DATABASE_URL set, then removes the server
#   postgres.sh keep           prints the server's address and keeps it until standard input ends
#
# With TEST_DATABASE_URL already set, that server is used and left alone.
set -eu

die() {
    echo "postgres.sh: $*" >&2
    exit 1
}

# Where distributions keep the server programs when they are not in the PATH; the newest version wins.
find_programs() {
    if command -v initdb >/dev/null 2>&1 && command -v pg_ctl >/dev/null 2>&1; then
        dirname "$(command -v initdb)"
        return
    fi
    for programs in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin \
        /usr/local/opt/postgresql*/bin /usr/lib/postgresql*/bin 2>/dev/null | sort -rV); do
        if [ -x "$programs/initdb" ] && [ -x "$programs/pg_ctl" ]; then
            echo "$programs"
            return
        fi
    done
}

install_programs() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 0
    echo "postgres.sh: no PostgreSQL server programs here, installing the package postgresql" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -qq -y --no-install-recommends postgresql >/dev/null 2>&1 ||
        { apt-get update -qq && apt-get install -qq -y --no-install-recommends postgresql; } >/dev/null 2>&1 ||
        true
}

# The server refuses to run as root, so root hands it to an account without rights.
as_account() {
    if [ -z "$account" ]; then
        "$@"
    elif command -v runuser >/dev/null 2>&1; then
        runuser -u "$account" -- "$@"
    else
        su -s /bin/sh "$account" -c 'exec "$@"' -- sh "$@"
    fi
}

stop_server() {
    as_account "$programs/pg_ctl" -D "$1/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$1"
}

# Whether a process lives. One that has ended and that nobody has asked after is dead, too.
lives() {
    kill -0 "$1" 2>/dev/null && ! grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"
}

# Servers whose keeper was killed before it could clean up.
sweep() {
    for left in "$base"/duplex-pg.*; do
        [ -f "$left/keeper" ] || continue
        lives "$(cat "$left/keeper")" || stop_server "$left"
    done
}

start_server() {
    programs=$(find_programs)
    if [ -z "$programs" ]; then
        install_programs
        programs=$(find_programs)
    fi
    [ -n "$programs" ] || die "the tests need PostgreSQL: install its server (Debian: apt-get install postgresql) or set TEST_DATABASE_URL"

    account=
    if [ "$(id -u)" = 0 ]; then
        for candidate in postgres nobody; do
            if id "$candidate" >/dev/null 2>&1; then
                account=$candidate
                break
            fi
        done
        [ -n "$account" ] || die "PostgreSQL does not run as root, and there is neither an account postgres nor nobody"
    fi

    # A socket's path may have about 100 characters, which a deep TMPDIR would exceed.
    base=/tmp
    sweep
    folder=$(mktemp -d "$base/duplex-pg.XXXXXXXX")
    trap 'stop_server "$folder"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    echo $$ >"$folder/keeper"
    chmod 711 "$folder"
    if [ -n "$account" ]; then
        chown "$account" "$folder"
    fi

    cd "$folder"
    as_account "$programs/initdb" -D "$folder/data" -U duplex --auth=trust --encoding=UTF8 --locale=C --no-sync \
        >"$folder/initdb.log" 2>&1 || die "initdb failed: $(tail -n 1 "$folder/initdb.log")"
    memory=64MB log=256MB
    if [ "${DURABLE:-off}" = on ]; then
        memory=512MB log=4GB
    fi
    cat >>"$folder/data/postgresql.conf" <<SETTINGS
listen_addresses = ''
unix_socket_directories = '$folder'
unix_socket_permissions = 0777
fsync = ${DURABLE:-off}
full_page_writes = ${DURABLE:-off}
shared_buffers = $memory
max_connections = 300
wal_level = minimal
max_wal_senders = 0
max_wal_size = $log
autovacuum = on
timezone = 'UTC'
SETTINGS
    # Its log goes to a file, or the server would hold our standard output open after we are gone.
    as_account "$programs/pg_ctl" -D "$folder/data" -l "$folder/data/server.log" -w -t 60 start >/dev/null 2>&1 </dev/null ||
        die "the server did not start: $(tail -n 3 "$folder/data/server.log")"
    cd "$OLDPWD"
    TEST_DATABASE_URL="postgresql:///postgres?host=$folder&user=duplex"
    export TEST_DATABASE_URL
}

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
run)
    [ $# -gt 0 ] || die "run what?"
    [ -n "${TEST_DATABASE_URL:-}" ] || start_server
    "$@"
    ;;
keep)
    [ -n "${TEST_DATABASE_URL:-}" ] || start_server
    echo "$TEST_DATABASE_URL"
    # Ends with its parent, however that ends: the other end of the pipe closes.
    cat >/dev/null
    ;;
*)
    die "run COMMAND… or keep"
    ;;
esac
