# One throw-away PostgreSQL cluster. $1 the folder of the server's programs, $2 the port, $3 fsync on or off.
# Prints "ready", or "failed" after the reason; ends and removes everything when standard input closes. Until then it
# obeys the lines "stop" (at once, as in a crash) and "start", and prints "done" after each.
set -u
dir=$(mktemp -d "${TMPDIR:-/tmp}/lumbung-postgres-XXXXXX") || exit 1

begin() {
    "$1/initdb" -D "$dir/data" -A trust -U lumbung -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 &&
    cat >>"$dir/data/postgresql.conf" <<CONF &&
listen_addresses = '127.0.0.1'
port = $2
unix_socket_directories = '$dir'
max_connections = 400
shared_buffers = '64MB'
fsync = $3
full_page_writes = $3
synchronous_commit = $3
autovacuum = off
CONF
    "$1/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 start >"$dir/start.log" 2>&1 </dev/null
}

if begin "$1" "$2" "$3"; then
    echo ready
    while read -r order; do
        case $order in
            stop) "$1/pg_ctl" -D "$dir/data" -m immediate stop ;;
            start) "$1/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 start ;;
        esac >"$dir/order.log" 2>&1 </dev/null
        echo done
    done
    "$1/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1
else
    tail -n 20 "$dir"/*.log
    echo failed
fi
rm -rf "$dir"
