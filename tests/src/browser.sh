# One ChromeDriver. Prints its port and a folder for profiles, or "failed" after the reason; ends the driver with all its
# browsers and removes the folder when standard input closes.
set -u
dir=$(mktemp -d "${TMPDIR:-/tmp}/lumbung-browser-XXXXXX") || exit 1
export HOME="$dir" XDG_CONFIG_HOME="$dir" XDG_CACHE_HOME="$dir"
"$1" --port=0 >"$dir/driver.log" 2>&1 </dev/null &
driver=$!

port=
tries=0
while [ -z "$port" ] && [ $tries -lt 200 ] && kill -0 $driver 2>/dev/null; do
    sleep 0.05
    tries=$((tries + 1))
    port=$(sed -n 's/.*started successfully on port \([0-9]*\).*/\1/p' "$dir/driver.log")
done

if [ -n "$port" ]; then
    echo "$port $dir"
    cat >/dev/null
else
    cat "$dir/driver.log"
    echo failed
fi
# The driver and its browsers are in this script's process group, and nothing else is.
trap '' TERM
exec 2>/dev/null
kill -TERM 0
wait $driver
sleep 0.1
rm -rf "$dir"
kill -KILL 0
