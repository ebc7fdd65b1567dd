# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What tests of DHCP have in common; after lib.sh and netlib.sh.

# The answer to the last question: its fields by name, and the exit status of
# the one who asked.
declare -A R=()
RC=0

# ask NETNS WORD...: one message of dhcpc, by eth0 there; fills R and RC.
ask()
{
	local ns=$1 name value

	shift
	R=()
	while IFS='=' read -r name value; do
		if [ "$name" = status ]; then
			RC=$value
		else
			R[$name]=$value
		fi
	done < <("$VMNET_BIN/dhcpc" "$ns:eth0" "$@"; echo "status=$?")
}

# check_answer NETNS TYPE WORD...: it is answered so.
check_answer()
{
	local ns=$1 type=$2

	shift 2
	ask "$ns" "$@"
	check_eq "${R[type]:-nothing}" "$type" "answer to $*"
}

# acked NETNS WORD...: for busywait.
acked()
{
	ask "$@" wait 500
	[ "${R[type]-}" = ack ]
}

# check_silent NETNS WORD...: it is not answered. The control is that an ARP
# request for the server, sent after it, is.
SERVER=10.77.0.1
check_silent()
{
	local ns=$1

	shift
	ask "$ns" "$@" silent "$SERVER"
	check_eq "$RC${R[type]:+, ${R[type]}}" 0 "silence after $*"
}

# mac N: of a client
mac()
{
	printf '02:00:00:00:%02x:%02x' $(($1 / 256)) $(($1 % 256))
}

# check_field NAME WANTED...: of the last answer.
check_field()
{
	while [ $# -ge 2 ]; do
		check_eq "${R[$1]-absent}" "$2" "$1"
		shift 2
	done
}

# bind NETNS MAC [WORD...]: a client that gets an address, which is printed.
bind()
{
	local ns=$1 mac=$2

	shift 2
	ask "$ns" get mac "$mac" "$@"
	echo "${R[yiaddr]:-none}"
}

# free_address: one of 10.77.0.0/24 that nobody has or had.
free_address()
{
	local used i

	used=$("$VMNETCTL" -j lease show lab | jq -r '.[].address')
	for ((i = 100; i < 200; i++)); do
		if [[ $'\n'$used$'\n' != *$'\n'10.77.0.$i$'\n'* ]]; then
			echo "10.77.0.$i"
			return
		fi
	done
}

# lease_value NETWORK ADDRESS KEY
lease_value()
{
	"$VMNETCTL" -j lease show "$1" |
		jq -r ".[] | select(.address == \"$2\") | .\"$3\""
}

# lease_count NETWORK STATE
lease_count()
{
	"$VMNETCTL" -j lease show "$1" |
		jq "[.[] | select(.state == \"$2\")] | length"
}

# dhcp_count NETWORK FILE: from /sys.
dhcp_count()
{
	cat "/sys/class/net/$1/vmnet/dhcp/$2"
}

# dhcp_value NETWORK KEY: a setting, or a counter that /sys does not have.
dhcp_value()
{
	"$VMNETCTL" -s -j dhcp show "$1" | jq -r ".[0].\"$2\""
}

# settings NETWORK: all of them, as one line.
settings()
{
	"$VMNETCTL" -j dhcp show "$1" | jq -c '.[0]'
}

# settings_but_leases: an offer that was not taken may end at any time.
settings_but_leases()
{
	settings lab | jq -c 'del(.leases)'
}

# set_refused PATTERN WORD...: dhcp set lab with these is refused with this
# sentence, and nothing has changed.
set_refused()
{
	local pattern=$1 before

	shift
	before=$(settings_but_leases)
	refused 2 "$pattern" ctl dhcp set lab "$@"
	check_eq "$(settings_but_leases)" "$before" "settings after $*"
}
