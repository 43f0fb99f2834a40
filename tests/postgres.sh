# Starts and stops a PostgreSQL for the tests. Sourced by tests/run; sets FIRSTLINE_TEST_POSTGRES_URL.
# shellcheck shell=bash

postgres_find() {
    local candidate
    for candidate in "$(command -v initdb 2>/dev/null || true)" /usr/lib/postgresql/*/bin/initdb; do
        if [ -n "$candidate" ] && [ -x "$candidate" ] && [ -x "$(dirname "$(readlink -f "$candidate")")/postgres" ]; then
            dirname "$(readlink -f "$candidate")"
            return
        fi
    done
    return 1
}

postgres_install() {
    echo "tests: PostgreSQL is not installed; installing Debian's package" >&2
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        sudo=(sudo)
    fi
    "${sudo[@]}" apt-get update -qq
    # The package would start a server of its own; ours is enough.
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >&2
}

# PostgreSQL refuses to run as root: there, everything it does is done by an unprivileged user.
postgres_as() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid="$postgres_user" --regid="$(id -g "$postgres_user")" --clear-groups env HOME="$postgres_dir" "$@"
    else
        "$@"
    fi
}

postgres_start() {
    postgres_bin=$(postgres_find) || { postgres_install && postgres_bin=$(postgres_find); } || {
        echo "tests: no PostgreSQL found. Install it (Debian: apt-get install postgresql), or name a server whose user may" >&2
        echo "tests: create databases: FIRSTLINE_TEST_POSTGRES_URL=postgres://USER:PASSWORD@HOST:PORT/postgres" >&2
        return 1
    }
    postgres_user=postgres
    id "$postgres_user" >/dev/null 2>&1 || postgres_user=nobody
    postgres_dir=$(mktemp -d /tmp/firstline-postgres.XXXXXX)
    if [ "$(id -u)" -eq 0 ]; then
        chown "$postgres_user" "$postgres_dir"
    fi
    postgres_as "$postgres_bin/initdb" -D "$postgres_dir/data" -U firstline --auth=trust --encoding=UTF8 --no-locale -N \
        >"$postgres_dir.log" 2>&1 || { cat "$postgres_dir.log" >&2; return 1; }
    # Crash tests kill our program, not the server, so its own durability may be traded for speed.
    cat >>"$postgres_dir/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$postgres_dir'
max_connections = 300
fsync = off
CONF
    local port
    for port in $(seq 54320 54399); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            continue
        fi
        if postgres_as "$postgres_bin/pg_ctl" -D "$postgres_dir/data" -o "-p $port" -l "$postgres_dir/server.log" -w -t 30 start >/dev/null 2>&1; then
            export FIRSTLINE_TEST_POSTGRES_URL="postgres://firstline@127.0.0.1:$port/postgres"
            echo "tests: started $("$postgres_bin/postgres" --version) on port $port" >&2
            return 0
        fi
    done
    echo "tests: PostgreSQL did not start:" >&2
    cat "$postgres_dir/server.log" >&2
    return 1
}

postgres_stop() {
    postgres_as "$postgres_bin/pg_ctl" -D "$postgres_dir/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$postgres_dir" "$postgres_dir.log"
}
