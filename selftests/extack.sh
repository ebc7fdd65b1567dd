#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every sentence that the module can refuse a wish with was seen by a test.
#
# The sentences are taken from the sources, what was seen is what the tests
# before this one have recorded (saw() of netlib.sh) in all machines, whose
# records VMNET_SEEN has together. So this one comes last, outside of them, and
# judges only what the tests that have run were to provoke: a part that runs
# alone skips the rest.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/netlib.sh"

require perl

# What no test can provoke on a stock kernel, and why.
exempt=(
	"No memory for the port's /sys folder"		# fault injection
	"No memory for the network's /sys folder"	# fault injection
	"No memory for the port's further addresses"	# fault injection
	"No memory for the host's further addresses"	# fault injection
	"No memory for the address"			# fault injection
	"No memory for the adapter's egress hook"	# fault injection
	"The port's /sys folder cannot be renamed"	# fault injection
	"The tap's node cannot be made"			# fault injection
	"No memory for the port's XDP ring"		# fault injection
	"The network's forwarding table is full"	# 2^20 addresses
	"The device may not be bridged: a Wi-Fi station cannot carry the frames of others" # no Wi-Fi
	"A Wi-Fi station cannot be an uplink: it cannot carry the frames of others" # no Wi-Fi
	"This kernel has no egress hook: the host reaches guests by the wire only" # Debian's has
)

ran()
{
	local name

	for name; do
		grep -qx "script $name" "$VMNET_SEEN" || return 1
	done
}

# sentences FILE...: "FILE<tab>SENTENCE" for each, formats as they are.
sentences()
{
	perl -0777 -ne '
		while (/\b(?:NL_SET_ERR_MSG\w*|GENL_SET_ERR_MSG\w*|vmnet_dhcp_refuse(?:_at)?)\s*\(((?:[^()";]|"(?:[^"\\]|\\.)*"|(\((?:[^()"]|"(?:[^"\\]|\\.)*"|(?2))*\)))*)\)|\.reject_message\s*=\s*((?:\s*"(?:[^"\\]|\\.)*")+)/gs) {
			my $args = defined $1 ? $1 : $3;
			# The first row of strings is the sentence.
			next unless $args =~ /((?:"(?:[^"\\]|\\.)*"\s*)+)/s;
			my $text = join "", $1 =~ /"((?:[^"\\]|\\.)*)"/gs;
			print "$ARGV\t$text\n";
		}' "$@"
}

# judge: the lines of sentences(), those that were seen with "seen" before them,
# the others with "unseen". A format stands for whatever it prints.
judge()
{
	perl -e '
		open my $file, "<", shift or die;
		my %lines = map { $_ => 1 } <$file>;
		my $seen = join "", keys %lines;
		while (my $line = <STDIN>) {
			chomp $line;
			my ($where, $s) = split /\t/, $line, 2;
			my $re = "";
			while ($s =~ /\G(?:%(p[A-Za-z0-9]+|[-0-9.]*l*[a-z])|(.))/gs) {
				if (defined $2) { $re .= quotemeta $2; next; }
				$re .= $1 =~ /[du]$/ ? "[0-9]+" :
				       $1 =~ /^pI4/ ? "[0-9.]+" :
				       $1 =~ /^pM/ ? "[0-9a-f:]+" : ".*";
			}
			print $seen =~ /$re/ ? "seen" : "unseen", "\t$line\n";
		}' "$VMNET_SEEN"
}

is_exempt()
{
	local sentence

	for sentence in "${exempt[@]}"; do
		[ "$sentence" != "$1" ] || return 0
	done
	return 1
}

mapfile -t sources < <(find "$TOP/kmod" -name '*.c' ! -name '*.mod.c' | sort)

test_begin "the sources have sentences"
mapfile -t all < <(sentences "${sources[@]}")
[ ${#all[@]} -ge 40 ]
check_err $? "only ${#all[@]} were found"
# A use that the pattern above does not see would pass unseen.
uses=$(cat "${sources[@]}" | grep -v '^#define\|^ \*' |
	grep -oE '\b(NL_SET_ERR_MSG\w*|vmnet_dhcp_refuse(_at)?) ?\(|\.reject_message' | wc -l)
check_eq "${#all[@]}" "$uses" "sentences found, and uses of their macros"
log_test
echo "# ${#all[@]} sentences"

while IFS=$'\t' read -r verdict file sentence; do
	file=${file#"$TOP/"}
	test_begin "$file: \"$sentence\" was seen"
	case $file in
	kmod/dhcp/restore.c) needs=(dhcp_settings dhcp_state) ;;
	kmod/nl/dhcp_l*.c) needs=(dhcp_state) ;;
	kmod/dhcp/scope.c) needs=(dhcp_scopes) ;;
	kmod/dhcp/reservation.c | kmod/nl/reservation.c) needs=(reservation dhcp_scopes netlink) ;;
	kmod/dhcp/* | kmod/nl/dhcp.c) needs=(dhcp_settings dhcp_options netlink) ;;
	kmod/fdb.c) needs=(dhcp_settings refusals borrow uplink) ;;
	kmod/borrow.c | kmod/fdb_rtnl.c) needs=(borrow) ;;
	kmod/tap_load.c) needs=(tap) ;;
	kmod/xdp.c) needs=(xdp) ;;
	kmod/nl/port.c) needs=(refusals netlink netns borrow uplink tap xdp) ;;
	kmod/bind.c | kmod/cycle.c | kmod/vlan.c | kmod/nl/uplink.c) needs=(uplink vlan netlink) ;;
	# Skips itself in a machine without adapters.
	kmod/hostif.c | kmod/nl/hostif.c) needs=(hostif netlink) ;;
	*) needs=(refusals netlink netns borrow uplink tap) ;;
	esac
	if [ "$verdict" = seen ]; then
		log_test
	elif is_exempt "$sentence"; then
		log_skip "needs fault injection"
	elif ! ran "${needs[@]}"; then
		log_skip "not all of ${needs[*]} have run"
	else
		fail_test "no test has seen it"
		log_test
	fi
done < <(printf '%s\n' "${all[@]}" | judge)

test_end
