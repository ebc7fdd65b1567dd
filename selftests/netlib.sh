# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What tests of networks and ports need beside lib.sh, which comes first:
#
#   . "$(dirname "$0")/lib.sh"
#   . "$(dirname "$0")/netlib.sh"
#
# Most of them have this before them:
#
#	             lab (a network of this namespace)
#	      ┌─────────────┼─────────────┐
#	     pa            pb            pc        ports
#	   a:eth0        b:eth0        c:eth0      their netdevs, in namespaces

# --- what was said -------------------------------------------------------------

# Every sentence of the kernel that a test has seen, for extack.sh, which looks
# for those that no test did. It stays until the test machine ends.
VMNET_SEEN=${VMNET_SEEN:-/run/vmnet-test.seen}
: "${SCRIPT:=$(basename "$0" .sh)}"
echo "script $SCRIPT" >>"$VMNET_SEEN"

# saw TEXT: it was printed by a command.
saw()
{
	[ -z "$1" ] || printf '%s\n' "$1" >>"$VMNET_SEEN"
}

# ctl WORD...: vmnetctl; what it complains of is recorded. (A tee for that would take the
# half of the time.)
ctl()
{
	local out said rc

	exec {out}>&1
	said=$("$VMNETCTL" "$@" 2>&1 >&"$out" {out}>&-)
	rc=$?
	exec {out}>&-
	saw "$said"
	[ -z "$said" ] || printf '%s\n' "$said" >&2
	return $rc
}

# dotted NUMBER: as people write it
dotted() { sed -E ':a; s/^([0-9]+)([0-9]{3})/\1,\2/; ta' <<<"$1"; }

# drop_reasons: how many there are
drop_reasons()
{
	sed -n '/^enum vmnet_drop_reason {/,/^}/p' "$TOP/include/uapi/linux/vmnet.h" |
		grep -c '^	VMNET_DROP_[A-Z_]*,$'
}

# refused STATUS PATTERN COMMAND...: the command must end with this status and
# say what matches this extended regular expression, on standard error.
refused()
{
	local status=$1 pattern=$2 said rc

	shift 2
	said=$("$@" 2>&1 >/dev/null)
	rc=$?
	saw "$said"
	check_status "$rc" "$status" "$*: status"
	[[ $said =~ $pattern ]] || fail_test "$*: said '$said', not '$pattern'"
}

# claims COMMAND...: each line "pass NAME" or "fail NAME<tab>why" of its output is a
# claim, "said SENTENCE" the kernel's, and so is that it ends well.
claims()
{
	local verdict rest status='' tab=$'\t'

	while read -r verdict rest; do
		case $verdict in
		pass) log_test "$rest" ;;
		fail)
			fail_test "${rest#*"$tab"}"
			log_test "${rest%%"$tab"*}"
			;;
		said) saw "$rest" ;;
		status) status=$rest ;;
		note) echo "# $rest" ;;
		*) echo "# $verdict $rest" ;;
		esac
	done < <("$@" 2>&1; echo "status $?")
	check_eq "$status" 0 "exit status"
	log_test "${*##*/}: came to its end"
}

# --- frames ----------------------------------------------------------------------

frame()
{
	"$VMNET_BIN/frame" "$@"
}

# check_frames WANTED MESSAGE WORD...: what `frame` prints for these words.
check_frames()
{
	local wanted=$1 message=$2 got

	shift 2
	got=$(frame "$@" 2>&1) || got+=" (status $?)"
	check_eq "$got" "$wanted" "$message"
}

# pings NETNS ADDRESS: one that is answered in time. NETNS may be empty.
pings()
{
	${1:+ip netns exec "$1"} ping -q -c 1 -W "$VMNET_SLOW" "$2" >/dev/null 2>&1
}

# --- topology ----------------------------------------------------------------------

# silence NETNS...: IPv6 off for the netdevs to come, so that nothing but the
# test's own frames is sent. No name: the present namespace.
silence()
{
	local ns

	if [ $# = 0 ]; then
		echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
		return
	fi
	for ns; do
		ip netns exec "$ns" sh -c \
			'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
	done
}

# make_lab [NAME...]: network lab with a port pX of each namespace in $X, whose
# netdev there is eth0, all up and silent. Namespaces are made, too.
make_lab()
{
	local name

	setup_ns "$@" || return 1
	for name; do
		silence "${!name}"
	done
	defer ctl reset
	{
		echo "network add lab"
		for name; do
			echo "port add p$name network lab netns ${!name} ifname eth0"
		done
	} | ctl -b - || return 1
	for name; do
		busywait 5 carrier "${!name}" eth0 1 || return 1
	done
}

# carrier NETNS IFNAME 0|1: whether it is so, in the eyes of its owner.
carrier()
{
	case $(ip -n "$1" -o link show dev "$2" 2>/dev/null) in
	*[,\<]LOWER_UP[,\>]*) [ "$3" = 1 ] ;;
	*UP*) [ "$3" = 0 ] ;;
	*) false ;;
	esac
}

# operstate NETNS IFNAME STATE: in capitals, as ip says it.
operstate()
{
	[[ $(ip -n "$1" -o link show dev "$2" 2>/dev/null) == *" state $3 "* ]]
}

# mac_of NETNS IFNAME
mac_of()
{
	local line

	line=$(ip -n "$1" -o link show dev "$2")
	line=${line##*link/ether }
	echo "${line%% *}"
}

# port_value PORT KEY, network_value NETWORK KEY: as vmnetctl -j tells it.
port_value()
{
	"$VMNETCTL" -j port show name "$1" 2>/dev/null | jq -r ".[0].\"$2\""
}

network_value()
{
	"$VMNETCTL" -j network show "$1" 2>/dev/null | jq -r ".[0].\"$2\""
}

port_is()
{
	[ "$(port_value "$1" "$2")" = "$3" ]
}

network_is()
{
	[ "$(network_value "$1" "$2")" = "$3" ]
}

# --- counters ------------------------------------------------------------------------

# From /sys, without a process.
# network_count NETWORK FILE
network_count()
{
	cat "/sys/class/net/$1/vmnet/$2"
}

# port_count NETWORK PORT FILE
port_count()
{
	cat "/sys/class/net/$1/vmnet/ports/$2/$3"
}

# drop_count NETWORK PORT|- REASON: of a port, or of the whole network.
drop_count()
{
	local file=/sys/class/net/$1/vmnet/ports/$2/drops reason count

	[ "$2" != - ] || file=/sys/class/net/$1/vmnet/drops/reasons
	while read -r reason count; do
		if [ "$reason" = "$3" ]; then
			echo "$count"
			return 0
		fi
	done <"$file"
	echo "no reason $3"
	return 1
}

# check_drops NETWORK PORT REASON BEFORE MORE: the counter has grown so much.
check_drops()
{
	local after

	after=$(drop_count "$1" "$2" "$3")
	check_eq "$((after - $4))" "$5" "drops of $2 as $3"
}

# at_rest NETWORK: nothing is queued there.
at_rest()
{
	[ "$(network_count "$1" queued)" = 0 ]
}

# balance NETWORK: design.md's rule 7 in the figures of /sys; 0 is right.
balance()
{
	local dir=/sys/class/net/$1/vmnet name
	local -A n

	for name in received replicated segmented delivered consumed dropped; do
		n[$name]=$(<"$dir/$name")
	done
	echo $((n[received] + n[replicated] + n[segmented] -
		n[delivered] - n[consumed] - n[dropped]))
}

# check_balance NETWORK: the sum holds, at rest.
check_balance()
{
	busywait 10 at_rest "$1"
	check_err $? "$1 does not come to rest"
	check_eq "$(balance "$1")" 0 "$1: received + replicated + segmented - delivered - consumed - dropped"
}
