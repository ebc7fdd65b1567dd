/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_DHCP_OPTION_H
#define VMNET_DHCP_OPTION_H

#include <linux/types.h>
#include <uapi/linux/vmnet.h>

#define VMNET_DHCP_NAME_MAX	253	/* octets in the name of a host or domain */
#define VMNET_DHCP_ARCHS	4	/* architectures of a client that are kept */

struct vmnet_dhcp_route {
	__be32 destination;
	__be32 mask;
	__be32 router;		/* 0: the link itself */
};

struct vmnet_dhcp_file {
	u8 len;
	char name[VMNET_DHCP_BOOT_FILE_MAX];
};

struct vmnet_dhcp_arch_file {
	u16 arch;
	struct vmnet_dhcp_file file;
};

/* An option by number: its octets are at @start of what all have together. */
struct vmnet_dhcp_raw {
	u8 code;
	u16 start;
	u16 len;
};

/**
 * struct vmnet_dhcp_options - what a network tells its clients
 *
 * Addresses of 0 and lists of no length are not told.
 *
 * @mask: of the subnet
 * @broadcast: of the subnet
 * @router: the default one
 * @next_server: where boot files are
 * @dns: servers
 * @wins: servers
 * @ntp: servers
 * @v6only: seconds, 0 if it is not told
 * @auto_configure: enum vmnet_auto_configure
 * @search_count: domains in @search
 * @dns_count: servers in @dns
 * @wins_count: in @wins
 * @ntp_count: in @ntp
 * @domain_len: octets of @domain
 * @tftp_server_len: octets of @tftp_server
 * @routes_count: routes in @routes
 * @arch_count: files in @arch_files
 * @raw_count: options in @raw
 * @mtu: the network's MTU is told
 * @rapid_commit: a lease is given by two messages to those who ask for that
 * @search_len: octets of @search
 * @domain: the domain
 * @tftp_server: name of the server where boot files are
 * @search: the search list, as it is sent
 * @routes: routes
 * @boot_file: for machines of any kind
 * @ipxe_file: for iPXE
 * @arch_files: by architecture
 * @raw: options by number
 * @octets: what is in them
 */
struct vmnet_dhcp_options {
	__be32 mask;
	__be32 broadcast;
	__be32 router;
	__be32 next_server;
	__be32 dns[VMNET_SERVERS_MAX];
	__be32 wins[VMNET_SERVERS_MAX];
	__be32 ntp[VMNET_SERVERS_MAX];
	u32 v6only;
	u8 auto_configure;
	u8 search_count;
	u8 dns_count;
	u8 wins_count;
	u8 ntp_count;
	u8 domain_len;
	u8 tftp_server_len;
	u8 routes_count;
	u8 arch_count;
	u8 raw_count;
	bool mtu;
	bool rapid_commit;
	u16 search_len;
	char domain[VMNET_DHCP_NAME_MAX];
	char tftp_server[VMNET_DHCP_NAME_MAX];
	u8 search[VMNET_DHCP_SEARCH_OCTETS_MAX];
	struct vmnet_dhcp_route routes[VMNET_DHCP_ROUTES_MAX];
	struct vmnet_dhcp_file boot_file;
	struct vmnet_dhcp_file ipxe_file;
	struct vmnet_dhcp_arch_file arch_files[VMNET_DHCP_BOOT_ARCH_MAX];
	struct vmnet_dhcp_raw raw[VMNET_DHCP_OPTIONS_MAX];
	u8 octets[VMNET_DHCP_OPTION_OCTETS_MAX];
};

struct vmnet_dhcp_message;

/**
 * vmnet_dhcp_search_add() - append a domain to a search list
 * @options: with the list
 * @domain: labels of 1 to 63 octets with dots between
 *
 * Its end is left to a name before it that has the same one (RFC 1035 section
 * 4.1.4).
 *
 * Return: false if there is no room for it; nothing is appended then
 */
bool vmnet_dhcp_search_add(struct vmnet_dhcp_options *options,
			   const char *domain);

/**
 * vmnet_dhcp_search_next() - walk the domains of a search list
 * @options: with the list
 * @pos: 0 to begin with; where to go on
 * @domain: filled
 *
 * Return: false at the end
 */
bool vmnet_dhcp_search_next(const struct vmnet_dhcp_options *options,
			    size_t *pos,
			    char domain[VMNET_DHCP_NAME_MAX + 1]);

/* What a list of routes may take: length, destination and router of each, and
 * the default one.
 */
#define VMNET_DHCP_ROUTES_OCTETS	((VMNET_DHCP_ROUTES_MAX + 1) * (1 + 4 + 4))

/* Of a mask. */
u8 vmnet_dhcp_prefix_len(__be32 mask);

/**
 * vmnet_dhcp_routes() - write routes as RFC 3442 wants them
 * @options: with the routes
 * @buf: where, VMNET_DHCP_ROUTES_OCTETS at most
 *
 * A client that listens to these does not listen to the router's option, so
 * the default route is among them.
 *
 * Return: octets; 0 if there are no routes
 */
size_t vmnet_dhcp_routes(const struct vmnet_dhcp_options *options, u8 *buf);

/* The boot file for a client; of no length if there is none for it. */
const struct vmnet_dhcp_file *
vmnet_dhcp_boot_file(const struct vmnet_dhcp_options *options,
		     const struct vmnet_dhcp_message *msg);

/* Whether UEFI's HTTP boot would take it. */
bool vmnet_dhcp_is_url(const struct vmnet_dhcp_file *file);

/* An option by number, or NULL. */
const struct vmnet_dhcp_raw *
vmnet_dhcp_raw(const struct vmnet_dhcp_options *options, u8 code);

#endif /* VMNET_DHCP_OPTION_H */
