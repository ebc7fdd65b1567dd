# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The servers that bench/dhcp.sh compares. Each is a function server_NAME LEVEL,
# which leaves a device "eth0" in namespace $G by which 10.64.0.1 serves
# 10.64.1.0 to 10.65.250.255, 129,536 addresses, with leases of a day and the
# same options, and has so many leases already if it can begin with some (then
# LEVEL_NOW is LEVEL); it returns 4 where it cannot be had. What is in namespace
# $S ends with it; the server's process, if it is one, is in PID.
#
# The others are set up to be as fast as they can be: no address is pinged before
# it is offered, nothing is logged, nothing is written to a disk. Those that have
# leases from the beginning have them from a lease file, which is in memory.

# shellcheck disable=SC2034 # read by dhcp.sh
SERVERS=(null vmnet vmnet-events dnsmasq kea dnsmasq-file isc)

# shellcheck disable=SC2034
declare -A SERVER_IS=(
	[null]="a device that turns the question round: the load generator alone"
	[vmnet]="vmnet's server, a port without limits"
	[vmnet-events]="the same, and 'vmnetctl -j monitor lease' listens and writes to a file"
	[dnsmasq]="dnsmasq, without a lease file"
	[dnsmasq-file]="dnsmasq as it is by default, its lease file in memory"
	[kea]="kea-dhcp4, one thread, without a lease file"
	[isc]="ISC dhcpd, its lease file in memory"
)

# Those that are started anew for each level.
# shellcheck disable=SC2034
declare -A RESTARTED=([isc]=1)

# Those that each lease makes slower: started anew before each try at a rate.
# shellcheck disable=SC2034
declare -A SLOWER=([dnsmasq]=1 [dnsmasq-file]=1 [isc]=1)

# Not all levels make sense for all. dnsmasq needs longer for each lease that it
# has; ISC dhcpd puts each that it reads or gives into its place in a list of all
# the pool's.
# shellcheck disable=SC2034
declare -A LEVELS_OF=(
	[null]=0
	[dnsmasq]="0 1000 10000"
	[dnsmasq-file]="0 1000"
	[isc]="0 10000"
)

POOL=${BENCH_POOL:-10.64.1.0 10.65.250.255}
LIBS=
PID=
LEVEL_NOW=0

# program NAME: where it is; unpacked by setup --servers, or installed
program()
{
	local dir

	for dir in "$SERVERS_DIR/usr/sbin" /usr/sbin /usr/bin; do
		if [ -x "$dir/$1" ]; then
			echo "$dir/$1"
			return 0
		fi
	done
	return 1
}

# leases LEVEL FORMAT: a line for each, by awk's printf, of its number, hardware
# address, address, and the seconds of now and of its end
leases()
{
	awk -v n="$1" -v format="$2" -v now="$(date +%s)" 'BEGIN {
		for (i = 0; i < n; i++) {
			mac = sprintf("02:4c:ff:%02x:%02x:%02x", int(i / 65536), int(i / 256) % 256, i % 256)
			ip = sprintf("10.%d.%d.%d", 64 + int((i + 256) / 65536), int((i + 256) / 256) % 256, i % 256)
			line = format
			gsub(/MAC/, mac, line)
			gsub(/IP/, ip, line)
			gsub(/NOW/, now, line)
			gsub(/END/, now + 86400, line)
			print line
		} }'
	LEVEL_NOW=$1
}

cable()
{
	ip link add eth0 netns "$G" type veth peer name srv0 netns "$S" &&
		ip -n "$G" link set eth0 up && ip -n "$S" link set srv0 up &&
		ip -n "$S" addr add 10.64.0.1/15 broadcast 10.65.255.255 dev srv0
}

# serve COMMAND...: in the background, in $S
serve()
{
	LD_LIBRARY_PATH=$LIBS ip netns exec "$S" "$@" >"$TMP/out" 2>&1 &
	PID=$!
}

#	G
#	eth0
server_null()
{
	ip link add eth0 netns "$G" type vmnet_null && ip -n "$G" link set eth0 up
}

#	G
#	eth0 ── bench0
server_vmnet()
{
	"$VMNETCTL" -b - <<-BATCH
	network add bench0
	port add bench-p network bench0 netns $G ifname eth0
	port set bench-p dhcp-limit none dhcp-rate none
	BATCH
	ip -n "$G" link set eth0 up
	kernel_before=$(kernel_memory)
	"$VMNETCTL" dhcp set bench0 subnet 10.64.0.0/15 range "${POOL/ /-}" \
		lease 1d router 10.64.0.254 dns 10.64.0.53 domain example.net
	POOL_BYTES=$(($(kernel_memory) - kernel_before))
}

server_vmnet-events()
{
	server_vmnet
	# So much that nothing is lost while thousands of leases are given at once.
	"$VMNETCTL" -j monitor lease buffer $((256 << 20)) >"$TMP/events" 2>&1 &
	MONITOR=$!
}

#	G		S
#	eth0 ────────── srv0
dnsmasq_with()
{
	cable
	serve "$(program dnsmasq)" --conf-file=/dev/null --keep-in-foreground --user=root \
		--group=root --pid-file= --port=0 --interface=srv0 --bind-interfaces \
		--no-ping --dhcp-authoritative --quiet-dhcp "$1" \
		--log-facility="$TMP/log" --dhcp-lease-max=200000 \
		--dhcp-range="${POOL/ /,},255.254.0.0,1d" --domain=example.net \
		--dhcp-option=3,10.64.0.254 --dhcp-option=6,10.64.0.53
}

server_dnsmasq()
{
	dnsmasq_with --leasefile-ro
}

server_dnsmasq-file()
{
	leases "$1" "END MAC IP * *" >"$TMP/dnsmasq.leases"
	dnsmasq_with --dhcp-leasefile="$TMP/dnsmasq.leases"
}

server_kea()
{
	local kea

	kea=$(program kea-dhcp4) || return 4
	cable
	cat >"$TMP/kea.conf" <<-CONF
	{ "Dhcp4": {
	  "interfaces-config": { "interfaces": [ "srv0" ], "dhcp-socket-type": "raw" },
	  "lease-database": { "type": "memfile", "persist": false },
	  "multi-threading": { "enable-multi-threading": false },
	  "authoritative": true, "valid-lifetime": 86400,
	  "option-data": [
	    { "name": "routers", "data": "10.64.0.254" },
	    { "name": "domain-name-servers", "data": "10.64.0.53" },
	    { "name": "domain-name", "data": "example.net" } ],
	  "subnet4": [ { "subnet": "10.64.0.0/15",
	    "pools": [ { "pool": "${POOL/ / - }" } ] } ],
	  "loggers": [ { "name": "kea-dhcp4", "severity": "ERROR",
	    "output_options": [ { "output": "$TMP/log" } ] } ] } }
	CONF
	mkdir -p /run/kea /var/lib/kea
	export KEA_LOCKFILE_DIR=$TMP KEA_PIDFILE_DIR=$TMP
	serve "$kea" -c "$TMP/kea.conf"
}

server_isc()
{
	local dhcpd

	dhcpd=$(program dhcpd) || return 4
	cable
	cat >"$TMP/dhcpd.conf" <<-CONF
	authoritative; ddns-update-style none; ping-check false;
	default-lease-time 86400; max-lease-time 86400;
	subnet 10.64.0.0 netmask 255.254.0.0 {
	  range $POOL;
	  option routers 10.64.0.254; option domain-name-servers 10.64.0.53;
	  option domain-name "example.net"; }
	CONF
	leases "$1" "lease IP { starts epoch NOW; ends epoch END; cltt epoch NOW; binding state active; next binding state free; hardware ethernet MAC; }" \
		>"$TMP/dhcpd.leases"
	serve "$dhcpd" -4 -f -q --no-pid -cf "$TMP/dhcpd.conf" -lf "$TMP/dhcpd.leases" srv0
}
