// SPDX-License-Identifier: GPL-2.0-only
/* What clients are told: from wishes to what can be said, or a sentence why
 * not. Whatever goes out in the network's name was looked at here: it has a
 * bounded size, and no control characters.
 */

#include <net/netlink.h>

#include "../nl/gen.h"
#include "codes.h"
#include "wish.h"

static int vmnet_dhcp_wish_search(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_options *options = &wish->config->options;
	const struct nlattr *nest = wish->tb[VMNET_A_DHCP_SEARCH];
	char domain[VMNET_DHCP_NAME_MAX + 1];
	const struct nlattr *nla;
	int rem;

	if (!nest)
		return 0;
	memset(options->search, 0, sizeof(options->search));
	options->search_len = 0;
	options->search_count = 0;
	nla_for_each_nested(nla, nest, rem) {
		/* An octet of zero in the middle is none of a domain. */
		if (nla_strscpy(domain, nla, sizeof(domain)) < 0 ||
		    strnlen(domain, sizeof(domain)) + 1 < nla_len(nla) ||
		    !vmnet_dhcp_is_domain(domain))
			return vmnet_dhcp_refuse_at(wish, nla,
						    "A domain to search in is labels of letters, digits and hyphens between dots");
		if (options->search_count == VMNET_DHCP_SEARCH_MAX)
			return vmnet_dhcp_refuse_at(wish, nla,
						    "Clients search in %u domains at most",
						    VMNET_DHCP_SEARCH_MAX);
		if (!vmnet_dhcp_search_add(options, domain))
			return vmnet_dhcp_refuse_at(wish, nla,
						    "The search list does not fit into %u octets",
						    VMNET_DHCP_SEARCH_OCTETS_MAX);
		options->search_count++;
	}
	return 0;
}

static int vmnet_dhcp_check_route(struct vmnet_dhcp_wish *wish,
				  const struct vmnet_dhcp_route *route,
				  u8 before)
{
	const struct vmnet_dhcp_route *routes = wish->config->options.routes;
	u8 prefix_len = vmnet_dhcp_prefix_len(route->mask);
	u32 hosts = ~ntohl(route->mask);
	__be32 start = route->destination & route->mask;
	u8 i;

	if (hosts & (hosts + 1))
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_ROUTES,
					 "%pI4 is not the mask of a prefix",
					 &route->mask);
	if (start != route->destination)
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_ROUTES,
					 "The route to %pI4/%u does not begin where a subnet does: %pI4/%u would",
					 &route->destination, prefix_len,
					 &start, prefix_len);
	for (i = 0; i < before; i++)
		if (routes[i].destination == route->destination &&
		    routes[i].mask == route->mask)
			return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_ROUTES,
						 "There are two routes to %pI4/%u",
						 &start, prefix_len);
	if (!route->router)
		return 0;
	return vmnet_dhcp_check_inside(wish, VMNET_A_DHCP_ROUTES,
				       ntohl(route->router),
				       "The router of a route");
}

/* Looked at again with each change: the subnet may be another one. */
static int vmnet_dhcp_wish_routes(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_options *options = &wish->config->options;
	const struct nlattr *nla = wish->tb[VMNET_A_DHCP_ROUTES];
	unsigned int n;
	int err = 0;
	u8 i;

	if (nla) {
		n = nla_len(nla) / sizeof(*options->routes);
		if (nla_len(nla) % sizeof(*options->routes))
			return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_ROUTES,
						 "A route is destination, mask and router, four octets each");
		if (n > VMNET_DHCP_ROUTES_MAX)
			return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_ROUTES,
						 "Clients are told of %u routes at most",
						 VMNET_DHCP_ROUTES_MAX);
		memset(options->routes, 0, sizeof(options->routes));
		nla_memcpy(options->routes, nla, n * sizeof(*options->routes));
		options->routes_count = n;
	}
	for (i = 0; !err && i < options->routes_count; i++)
		err = vmnet_dhcp_check_route(wish, &options->routes[i], i);
	return err;
}

static int vmnet_dhcp_wish_next_server(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_options *options = &wish->config->options;
	const struct nlattr *nla = wish->tb[VMNET_A_DHCP_NEXT_SERVER];

	if (!nla)
		return 0;
	options->next_server = nla_get_in_addr(nla);
	if (options->next_server &&
	    !vmnet_dhcp_is_host(ntohl(options->next_server)))
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_NEXT_SERVER,
					 "%pI4 is not the address of a TFTP server",
					 &options->next_server);
	return 0;
}

static int vmnet_dhcp_wish_tftp_server(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_options *options = &wish->config->options;
	const struct nlattr *nla = wish->tb[VMNET_A_DHCP_TFTP_SERVER];
	const char *name;

	if (!nla)
		return 0;
	name = nla_data(nla);
	if (*name && !vmnet_dhcp_is_domain(name))
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_TFTP_SERVER,
					 "A TFTP server's name is labels of letters, digits and hyphens with dots between");
	options->tftp_server_len = strlen(name);
	memset(options->tftp_server, 0, sizeof(options->tftp_server));
	memcpy(options->tftp_server, name, options->tftp_server_len);
	return 0;
}

/* A path or a URL, which iPXE may fill in: any character that can be seen. */
static int vmnet_dhcp_read_file(struct vmnet_dhcp_wish *wish,
				const struct nlattr *nla,
				struct vmnet_dhcp_file *file)
{
	const char *name;

	if (!nla)
		return 0;
	for (name = nla_data(nla); *name; name++)
		if (*name <= ' ' || *name > '~')
			return vmnet_dhcp_refuse_at(wish, nla,
						    "A boot file's name has printable ASCII characters and no space");
	memset(file, 0, sizeof(*file));
	file->len = strlen(nla_data(nla));
	memcpy(file->name, nla_data(nla), file->len);
	return 0;
}

static int vmnet_dhcp_read_arch_file(struct vmnet_dhcp_wish *wish,
				     const struct nlattr *nest)
{
	struct vmnet_dhcp_options *options = &wish->config->options;
	struct nlattr *tb[VMNET_A_DHCP_BOOT_ENTRY_MAX + 1];
	struct vmnet_dhcp_arch_file *entry;
	u8 i;
	int err;

	err = nla_parse_nested(tb, VMNET_A_DHCP_BOOT_ENTRY_MAX, nest,
			       vmnet_dhcp_boot_entry_nl_policy, wish->extack);
	if (err)
		return err;
	if (!tb[VMNET_A_DHCP_BOOT_ENTRY_ARCH] ||
	    !tb[VMNET_A_DHCP_BOOT_ENTRY_FILE] ||
	    !*(const char *)nla_data(tb[VMNET_A_DHCP_BOOT_ENTRY_FILE]))
		return vmnet_dhcp_refuse_at(wish, nest,
					    "An entry is an architecture and its boot file");
	if (options->arch_count == VMNET_DHCP_BOOT_ARCH_MAX)
		return vmnet_dhcp_refuse_at(wish, nest,
					    "%u architectures at most have a boot file of their own",
					    VMNET_DHCP_BOOT_ARCH_MAX);
	entry = &options->arch_files[options->arch_count];
	entry->arch = nla_get_u16(tb[VMNET_A_DHCP_BOOT_ENTRY_ARCH]);
	for (i = 0; i < options->arch_count; i++)
		if (options->arch_files[i].arch == entry->arch)
			return vmnet_dhcp_refuse_at(wish, nest,
						    "There are two boot files for architecture %u",
						    entry->arch);
	options->arch_count++;
	return vmnet_dhcp_read_file(wish, tb[VMNET_A_DHCP_BOOT_ENTRY_FILE],
				    &entry->file);
}

static int vmnet_dhcp_wish_arch_files(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_options *options = &wish->config->options;
	const struct nlattr *nest = wish->tb[VMNET_A_DHCP_BOOT_FILE_ARCH];
	const struct nlattr *nla;
	int err, rem;

	if (!nest)
		return 0;
	options->arch_count = 0;
	nla_for_each_nested(nla, nest, rem) {
		err = vmnet_dhcp_read_arch_file(wish, nla);
		if (err)
			return err;
	}
	return 0;
}

static int vmnet_dhcp_wish_boot(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_options *options = &wish->config->options;
	int err;

	err = vmnet_dhcp_wish_next_server(wish);
	if (!err)
		err = vmnet_dhcp_wish_tftp_server(wish);
	if (!err)
		err = vmnet_dhcp_read_file(wish,
					   wish->tb[VMNET_A_DHCP_BOOT_FILE],
					   &options->boot_file);
	if (!err)
		err = vmnet_dhcp_read_file(wish,
					   wish->tb[VMNET_A_DHCP_BOOT_FILE_IPXE],
					   &options->ipxe_file);
	if (!err)
		err = vmnet_dhcp_wish_arch_files(wish);
	return err;
}

/* What belongs to the protocol, or to the exchange and not to the network. */
static bool vmnet_dhcp_is_own(u8 code)
{
	switch (code) {
	case OPT_PAD:
	case OPT_MASK:
	case OPT_HOSTNAME:
	case OPT_REQUESTED ... OPT_T2:
	case OPT_CLIENT_ID:
	case OPT_USER_CLASS:
	case OPT_FQDN:
	case OPT_RELAY:
	case OPT_AUTH:
	case OPT_ARCH:
	case OPT_SUBNET_SELECTION:
	case OPT_NONCE:
	case OPT_END:
		return true;
	}
	return false;
}

/* The word that says the same, or NULL. */
static const char *vmnet_dhcp_word_of(u8 code)
{
	static const struct {
		u8 code;
		const char *word;
	} words[] = {
		{ OPT_ROUTER, "router" },
		{ OPT_DNS, "dns" },
		{ OPT_DOMAIN, "domain" },
		{ OPT_MTU, "mtu" },
		{ OPT_BROADCAST, "subnet" },
		{ OPT_NTP, "ntp" },
		{ OPT_WINS, "wins" },
		{ OPT_TFTP_SERVER, "tftp-server" },
		{ OPT_BOOT_FILE, "boot-file" },
		{ OPT_RAPID_COMMIT, "rapid-commit" },
		{ OPT_V6ONLY, "v6only" },
		{ OPT_AUTO_CONFIGURE, "auto-configure" },
		{ OPT_SEARCH, "search" },
		{ OPT_ROUTES, "routes" },
		{ OPT_ROUTES_MS, "routes" },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].code == code)
			return words[i].word;
	return NULL;
}

static int vmnet_dhcp_check_code(struct vmnet_dhcp_wish *wish,
				 const struct nlattr *nla, u8 code)
{
	const char *word = vmnet_dhcp_word_of(code);

	if (vmnet_dhcp_is_own(code))
		return vmnet_dhcp_refuse_at(wish, nla,
					    "Option %u is not the network's to tell",
					    code);
	if (word)
		return vmnet_dhcp_refuse_at(wish, nla,
					    "Option %u has a word of its own: %s",
					    code, word);
	if (vmnet_dhcp_raw(&wish->config->options, code))
		return vmnet_dhcp_refuse_at(wish, nla,
					    "Option %u is there twice", code);
	return 0;
}

static int vmnet_dhcp_read_option(struct vmnet_dhcp_wish *wish,
				  const struct nlattr *nest, u16 *used)
{
	struct vmnet_dhcp_options *options = &wish->config->options;
	struct nlattr *tb[VMNET_A_DHCP_OPTION_ENTRY_MAX + 1];
	const struct nlattr *data;
	struct vmnet_dhcp_raw *raw;
	u8 code;
	int err;

	err = nla_parse_nested(tb, VMNET_A_DHCP_OPTION_ENTRY_MAX, nest,
			       vmnet_dhcp_option_entry_nl_policy,
			       wish->extack);
	if (err)
		return err;
	data = tb[VMNET_A_DHCP_OPTION_ENTRY_DATA];
	if (!tb[VMNET_A_DHCP_OPTION_ENTRY_CODE] || !data)
		return vmnet_dhcp_refuse_at(wish, nest,
					    "An entry is an option's number and its octets");
	code = nla_get_u8(tb[VMNET_A_DHCP_OPTION_ENTRY_CODE]);
	err = vmnet_dhcp_check_code(wish, nest, code);
	if (err)
		return err;
	if (options->raw_count == VMNET_DHCP_OPTIONS_MAX)
		return vmnet_dhcp_refuse_at(wish, nest,
					    "A network has %u options by number at most",
					    VMNET_DHCP_OPTIONS_MAX);
	if (nla_len(data) > sizeof(options->octets) - *used)
		return vmnet_dhcp_refuse_at(wish, nest,
					    "Options by number have %u octets together at most",
					    VMNET_DHCP_OPTION_OCTETS_MAX);
	raw = &options->raw[options->raw_count++];
	raw->code = code;
	raw->start = *used;
	raw->len = nla_len(data);
	memcpy(options->octets + raw->start, nla_data(data), raw->len);
	*used += raw->len;
	return 0;
}

static int vmnet_dhcp_wish_raw(struct vmnet_dhcp_wish *wish)
{
	const struct nlattr *nest = wish->tb[VMNET_A_DHCP_OPTION];
	const struct nlattr *nla;
	u16 used = 0;
	int err, rem;

	if (!nest)
		return 0;
	wish->config->options.raw_count = 0;
	nla_for_each_nested(nla, nest, rem) {
		err = vmnet_dhcp_read_option(wish, nla, &used);
		if (err)
			return err;
	}
	return 0;
}

static int vmnet_dhcp_wish_v6only(struct vmnet_dhcp_wish *wish)
{
	const struct nlattr *nla = wish->tb[VMNET_A_DHCP_V6ONLY];
	u32 seconds;

	if (!nla)
		return 0;
	seconds = nla_get_u32(nla);
	if (seconds && seconds < VMNET_DHCP_V6ONLY_MIN)
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_V6ONLY,
					 "Clients do without IPv4 for %u seconds at least",
					 VMNET_DHCP_V6ONLY_MIN);
	wish->config->options.v6only = seconds;
	return 0;
}

int vmnet_dhcp_wish_options(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_options *options = &wish->config->options;
	struct nlattr **tb = wish->tb;
	int err;

	err = vmnet_dhcp_wish_servers(wish, VMNET_A_DHCP_NTP, options->ntp,
				      &options->ntp_count);
	if (!err)
		err = vmnet_dhcp_wish_search(wish);
	if (!err)
		err = vmnet_dhcp_wish_routes(wish);
	if (!err)
		err = vmnet_dhcp_wish_boot(wish);
	if (!err)
		err = vmnet_dhcp_wish_v6only(wish);
	if (!err)
		err = vmnet_dhcp_wish_raw(wish);
	if (err)
		return err;

	if (tb[VMNET_A_DHCP_MTU])
		options->mtu = nla_get_u8(tb[VMNET_A_DHCP_MTU]);
	if (tb[VMNET_A_DHCP_AUTO_CONFIGURE])
		options->auto_configure =
			nla_get_u32(tb[VMNET_A_DHCP_AUTO_CONFIGURE]);
	if (tb[VMNET_A_DHCP_RAPID_COMMIT])
		options->rapid_commit =
			nla_get_u8(tb[VMNET_A_DHCP_RAPID_COMMIT]);
	return 0;
}

static int vmnet_dhcp_check_exclude(struct vmnet_dhcp_wish *wish,
				    const struct vmnet_dhcp_range *range)
{
	__be32 subnet = htonl(wish->config->subnet);
	u8 prefix_len = wish->config->prefix_len;
	const __be32 *out = NULL;

	if (!vmnet_dhcp_in_subnet(wish->config, range->first))
		out = &range->first;
	else if (!vmnet_dhcp_in_subnet(wish->config, range->last))
		out = &range->last;
	if (out)
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_EXCLUDE,
					 "%pI4, which no client shall get, is not in %pI4/%u",
					 out, &subnet, prefix_len);
	if (ntohl(range->first) > ntohl(range->last))
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_EXCLUDE,
					 "%pI4-%pI4 ends before it begins",
					 &range->first, &range->last);
	return 0;
}

/* Looked at again with each change, as routes are. */
int vmnet_dhcp_wish_exclude(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_config *config = wish->config;
	const struct nlattr *nla = wish->tb[VMNET_A_DHCP_EXCLUDE];
	unsigned int n;
	int err = 0;
	u8 i;

	if (nla) {
		n = nla_len(nla) / sizeof(*config->exclude);
		if (nla_len(nla) % sizeof(*config->exclude))
			return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_EXCLUDE,
						 "An exclusion is a first and a last address");
		if (n > VMNET_DHCP_EXCLUDE_MAX)
			return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_EXCLUDE,
						 "A network has %u exclusions at most",
						 VMNET_DHCP_EXCLUDE_MAX);
		memset(config->exclude, 0, sizeof(config->exclude));
		nla_memcpy(config->exclude, nla, n * sizeof(*config->exclude));
		config->exclude_count = n;
	}
	for (i = 0; !err && i < config->exclude_count; i++)
		err = vmnet_dhcp_check_exclude(wish, &config->exclude[i]);
	return err;
}
