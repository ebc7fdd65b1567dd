# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Where the test machine's kernel lives and how a Debian package gets there.
# Sourced by setup, build-debug-kernel and vm; defines functions only.

# The series of kernels that is booted: Debian 12's own, or one that the next release
# of Debian has, 6.12 or what is in its backports, in a cache beside the first one's.
# "newest" is the newest of these.
VMNET_SERIES=${VMNET_SERIES:-6.1}
VMNET_RELEASE=trixie

# The cache: VMNET_CACHE, else root's. A plain user reads root's cache and
# builds what root has not built (the debug kernel) in a cache of his own.
VMNET_CACHE_SYSTEM=/var/cache/vmnet
[ "$VMNET_SERIES" = 6.1 ] || VMNET_CACHE_SYSTEM=$VMNET_CACHE_SYSTEM-$VMNET_SERIES

vmnet_cache()
{
	if [ -n "${VMNET_CACHE:-}" ]; then
		realpath -m -- "$VMNET_CACHE"
	elif [ "$(id -u)" = 0 ] || [ -e "$VMNET_CACHE_SYSTEM/kernel/release" ]; then
		echo "$VMNET_CACHE_SYSTEM"
	else
		vmnet_cache_own
	fi
}

# A cache that this user can write.
vmnet_cache_own()
{
	if [ -n "${VMNET_CACHE:-}" ]; then
		realpath -m -- "$VMNET_CACHE"
	elif [ "$(id -u)" = 0 ]; then
		echo "$VMNET_CACHE_SYSTEM"
	else
		echo "${XDG_CACHE_HOME:-$HOME/.cache}/${VMNET_CACHE_SYSTEM##*/}"
	fi
}

# The stock kernel's release, or nothing before the set-up.
vmnet_kernel_release()
{
	cat "$(vmnet_cache)/kernel/release" 2>/dev/null || :
}

# The headers that belong to the kernel booted.
vmnet_kernel_headers()
{
	local rel

	rel=$(vmnet_kernel_release)
	[ -n "$rel" ] || return 1
	echo "$(vmnet_cache)/kernel/$rel/usr/src/linux-headers-$rel"
}

# The folder with the compiler of the kernel's release, or nothing for 6.1, whose
# release is this machine's own. See vm/in-folder.
vmnet_folder()
{
	[ "$VMNET_SERIES" = 6.1 ] || echo "$(vmnet_cache)/$VMNET_RELEASE"
}

# Which debug kernel: "debug", or "kcsan", which looks for data races instead.
VMNET_JUDGE=${VMNET_JUDGE:-debug}

# Its configuration: debug.config, in which kcsan.config has the last word.
vmnet_debug_config()
{
	local here

	here=$(dirname -- "${BASH_SOURCE[0]}")/../vm
	if [ "$VMNET_JUDGE" = debug ]; then
		cat "$here/debug.config"
	else
		awk 'match($0, /CONFIG_[A-Z0-9_]+/) { name = substr($0, RSTART, RLENGTH)
				if (NR == FNR) { mine[name] = 1; print; next }
				if (name in mine) next }
			{ print }' "$here/$VMNET_JUDGE.config" "$here/debug.config"
	fi
}

# The debug kernel is named after what goes into it, so that a changed
# fragment or kernel version makes a new one.
vmnet_debug_id()
{
	local version

	version=$(cat "$(vmnet_cache)/kernel/version" 2>/dev/null || echo none)
	echo "$version-$(vmnet_debug_config | sha256sum | cut -c1-12)"
}

# Where the finished debug kernel is; fails when there is none yet.
vmnet_debug_dir()
{
	local id dir

	id=$(vmnet_debug_id)
	for dir in "$(vmnet_cache)" "$(vmnet_cache_own)"; do
		if [ -e "$dir/$VMNET_JUDGE/$id/release" ]; then
			echo "$dir/$VMNET_JUDGE/$id"
			return 0
		fi
	done
	return 1
}

# apt's lists are refreshed at most once a run, and only when something that
# is wanted is not there under the name or version that they promise. With APT_CONFIG
# they are not this machine's: see setup.
VMNET_APT_UPDATED=${VMNET_APT_UPDATED:-}

vmnet_apt_update()
{
	case " $VMNET_APT_UPDATED " in
	*" ${APT_CONFIG:-own} "*) return 1 ;;
	esac
	VMNET_APT_UPDATED+=" ${APT_CONFIG:-own}"
	if [ -z "${APT_CONFIG:-}" ] && [ "$(id -u)" != 0 ]; then
		echo "setup: apt's lists are too old; run: sudo apt-get update" >&2
		return 1
	fi
	echo "setup: apt-get update${APT_CONFIG:+, of $VMNET_RELEASE}"
	# One unreachable third-party source must not stop Debian's own.
	# Unsandboxed: the user _apt cannot write into our cache.
	apt-get -qq ${APT_CONFIG:+-o APT::Sandbox::User=root} update || :
}

# vmnet_fetch DIR PACKAGE[=VERSION]...: the .deb files, into DIR. apt-get
# download changes nothing on the system and asks no privilege.
vmnet_fetch()
{
	local dir=$1 attempt
	shift

	mkdir -p "$dir"
	for attempt in 1 2; do
		# Unsandboxed: the user _apt cannot write into our cache.
		if (cd "$dir" && apt-get -qq -o APT::Sandbox::User=root \
			download "$@"); then
			return 0
		fi
		if [ "$attempt" = 2 ] || ! vmnet_apt_update; then
			break
		fi
	done
	echo "setup: could not fetch: $*" >&2
	return 1
}

# The three files that checkpatch needs, out of an unpacked or packed source.
vmnet_keep_checkpatch()
{
	local src=$1 dir=$2/checkpatch

	rm -rf "$dir.new"
	mkdir -p "$dir.new/scripts"
	cp "$src/scripts/checkpatch.pl" "$src/scripts/spelling.txt" \
		"$src/scripts/const_structs.checkpatch" "$dir.new/scripts/"
	rm -rf "$dir"
	mv "$dir.new" "$dir"
}
