// SPDX-License-Identifier: GPL-2.0-only
/* Settings: from wishes to something that can hold, or a sentence why not. */

#include <linux/ctype.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "../mac.h"
#include "config.h"
#include "pool.h"
#include "subnet.h"
#include "wish.h"

#define VMNET_DHCP_AUTO_PREFIX	24

/* What Documentation/dhcp.rst says that a network's settings take. */
static_assert(sizeof(struct vmnet_dhcp_config) <= 8192);

void vmnet_dhcp_config_start(struct vmnet_dhcp_config *config)
{
	config->server_auto = true;
	config->range_auto = true;
	config->lease = VMNET_DHCP_LEASE_DEFAULT;
	config->lease_min = VMNET_DHCP_LEASE_MIN_DEFAULT;
	config->key = VMNET_LEASE_KEY_HWADDR;
	config->options.mtu = true;
}

static void vmnet_dhcp_get_u32(const struct vmnet_dhcp_wish *wish, int attr,
			       u32 *value)
{
	if (wish->tb[attr])
		*value = nla_get_u32(wish->tb[attr]);
}

static u32 vmnet_dhcp_get_address(const struct vmnet_dhcp_wish *wish, int attr)
{
	return ntohl(nla_get_in_addr(wish->tb[attr]));
}

/* The attribute to point at, of two that do not go together. */
static int vmnet_dhcp_either(const struct vmnet_dhcp_wish *wish, int attr,
			     int other)
{
	return wish->tb[attr] ? attr : other;
}

static int vmnet_dhcp_check_subnet(struct vmnet_dhcp_wish *wish, u32 subnet,
				   u8 prefix_len)
{
	u32 hosts = ~0U >> prefix_len;
	__be32 start = htonl(subnet & ~hosts);
	__be32 given = htonl(subnet);

	if (subnet & hosts)
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_SUBNET,
					 "%pI4/%u does not begin where a subnet does: %pI4/%u would",
					 &given, prefix_len, &start, prefix_len);
	/* Loopback must not be in the middle of it either. */
	if (!vmnet_dhcp_is_host(subnet) ||
	    !vmnet_dhcp_is_host(subnet | hosts) ||
	    (subnet <= INADDR_LOOPBACK && (subnet | hosts) >= INADDR_LOOPBACK))
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_SUBNET,
					 "%pI4/%u has addresses that no host can have",
					 &given, prefix_len);
	return 0;
}

/* The subnet that is wished for; what there is, if none is. */
static int vmnet_dhcp_choose_subnet(struct vmnet_dhcp_wish *wish, u32 *subnet,
				    u8 *prefix_len)
{
	struct nlattr **tb = wish->tb;

	if (tb[VMNET_A_DHCP_AUTO] &&
	    (tb[VMNET_A_DHCP_SUBNET] || tb[VMNET_A_DHCP_PREFIX_LEN]))
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_AUTO,
					 "Either a subnet is named or one is chosen, not both");
	if (!tb[VMNET_A_DHCP_SUBNET] != !tb[VMNET_A_DHCP_PREFIX_LEN])
		return vmnet_dhcp_refuse(wish,
					 vmnet_dhcp_either(wish,
							   VMNET_A_DHCP_SUBNET,
							   VMNET_A_DHCP_PREFIX_LEN),
					 "A subnet is an address and a prefix length");

	if (tb[VMNET_A_DHCP_AUTO]) {
		*prefix_len = VMNET_DHCP_AUTO_PREFIX;
		return vmnet_subnet_find(wish->nw, wish->key, subnet,
					 wish->extack);
	}
	if (tb[VMNET_A_DHCP_SUBNET]) {
		*prefix_len = nla_get_u8(tb[VMNET_A_DHCP_PREFIX_LEN]);
		*subnet = vmnet_dhcp_get_address(wish, VMNET_A_DHCP_SUBNET);
		return vmnet_dhcp_check_subnet(wish, *subnet, *prefix_len);
	}
	if (!*prefix_len) {
		NL_SET_ERR_MSG(wish->extack,
			       "The network has no subnet yet: it must come first");
		return -EINVAL;
	}
	return 0;
}

static int vmnet_dhcp_wish_subnet(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_config *config = wish->config;
	u8 prefix_len = config->prefix_len;
	u32 subnet = config->subnet;
	int err;

	err = vmnet_dhcp_choose_subnet(wish, &subnet, &prefix_len);
	if (err)
		return err;
	if (subnet == config->subnet && prefix_len == config->prefix_len)
		return 0;
	/* The first subnet is what makes a network have DHCP. */
	if (!config->prefix_len)
		config->enabled = true;
	config->subnet = subnet;
	config->prefix_len = prefix_len;
	if (wish->tb[VMNET_A_DHCP_FORCE])
		return 0;
	err = vmnet_subnet_check(wish->nw, wish->key, subnet, prefix_len,
				 wish->extack);
	if (err)
		NL_SET_BAD_ATTR(wish->extack, wish->tb[VMNET_A_DHCP_SUBNET]);
	return err;
}

int vmnet_dhcp_check_inside(struct vmnet_dhcp_wish *wish, int attr,
			    u32 address, const char *what)
{
	const struct vmnet_dhcp_config *config = wish->config;
	__be32 subnet = htonl(config->subnet), given = htonl(address);

	if (!vmnet_dhcp_in_subnet(config, given))
		return vmnet_dhcp_refuse(wish, attr, "%s %pI4 is not in %pI4/%u",
					 what, &given, &subnet,
					 config->prefix_len);
	if (address == config->subnet)
		return vmnet_dhcp_refuse(wish, attr,
					 "%s %pI4 is the address of the subnet itself",
					 what, &given);
	if (given == config->options.broadcast)
		return vmnet_dhcp_refuse(wish, attr,
					 "%s %pI4 is the broadcast address",
					 what, &given);
	return 0;
}

static int vmnet_dhcp_wish_server(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_config *config = wish->config;

	if (wish->tb[VMNET_A_DHCP_SERVER]) {
		config->server = vmnet_dhcp_get_address(wish,
							VMNET_A_DHCP_SERVER);
		config->server_auto = !config->server;
	}
	if (config->server_auto)
		config->server = wish->first;
	return vmnet_dhcp_check_inside(wish, VMNET_A_DHCP_SERVER,
				       config->server, "The server's address");
}

/* All the subnet has on that side of the server where there is more. */
static void vmnet_dhcp_range_rest(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_config *config = wish->config;

	if (wish->last - config->server >= config->server - wish->first) {
		config->range_start = config->server + 1;
		config->range_end = wish->last;
	} else {
		config->range_start = wish->first;
		config->range_end = config->server - 1;
	}
	config->range_end = min(config->range_end,
				config->range_start + VMNET_DHCP_POOL_MAX - 1);
}

static int vmnet_dhcp_check_range(struct vmnet_dhcp_wish *wish)
{
	const struct vmnet_dhcp_config *config = wish->config;
	__be32 server = htonl(config->server);
	int err;

	err = vmnet_dhcp_check_inside(wish, VMNET_A_DHCP_RANGE_START,
				      config->range_start,
				      "The range's first address");
	if (err)
		return err;
	err = vmnet_dhcp_check_inside(wish, VMNET_A_DHCP_RANGE_END,
				      config->range_end,
				      "The range's last address");
	if (err)
		return err;
	if (config->range_start > config->range_end)
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_RANGE_END,
					 "The range ends before it begins");
	if (config->range_end - config->range_start >= VMNET_DHCP_POOL_MAX)
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_RANGE_END,
					 "The range has more than %u addresses",
					 VMNET_DHCP_POOL_MAX);
	if (config->server >= config->range_start &&
	    config->server <= config->range_end)
		return vmnet_dhcp_refuse(wish, wish->tb[VMNET_A_DHCP_SERVER] ?
					       VMNET_A_DHCP_SERVER :
					       VMNET_A_DHCP_RANGE_START,
					 "The server's address %pI4 is inside the range",
					 &server);
	return 0;
}

static int vmnet_dhcp_wish_range(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_config *config = wish->config;
	struct nlattr *start = wish->tb[VMNET_A_DHCP_RANGE_START];
	struct nlattr *end = wish->tb[VMNET_A_DHCP_RANGE_END];

	if (!start != !end)
		return vmnet_dhcp_refuse(wish, start ? VMNET_A_DHCP_RANGE_START :
						       VMNET_A_DHCP_RANGE_END,
					 "A range has a first and a last address");
	if (start) {
		config->range_start =
			vmnet_dhcp_get_address(wish, VMNET_A_DHCP_RANGE_START);
		config->range_end =
			vmnet_dhcp_get_address(wish, VMNET_A_DHCP_RANGE_END);
		config->range_auto = !config->range_start && !config->range_end;
	}
	if (config->range_auto)
		vmnet_dhcp_range_rest(wish);
	return vmnet_dhcp_check_range(wish);
}

static int vmnet_dhcp_wish_router(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_options *options = &wish->config->options;

	if (wish->tb[VMNET_A_DHCP_ROUTER])
		options->router = nla_get_in_addr(wish->tb[VMNET_A_DHCP_ROUTER]);
	if (!options->router)
		return 0;
	return vmnet_dhcp_check_inside(wish, VMNET_A_DHCP_ROUTER,
				       ntohl(options->router),
				       "The router's address");
}

int vmnet_dhcp_wish_servers(struct vmnet_dhcp_wish *wish, int attr,
			    __be32 *servers, u8 *count)
{
	const struct nlattr *nla = wish->tb[attr];
	unsigned int i, n;

	if (!nla)
		return 0;
	n = nla_len(nla) / sizeof(*servers);
	if (nla_len(nla) % sizeof(*servers))
		return vmnet_dhcp_refuse(wish, attr,
					 "An address has four octets");
	if (n > VMNET_SERVERS_MAX)
		return vmnet_dhcp_refuse(wish, attr,
					 "Clients are told of %u such servers at most",
					 VMNET_SERVERS_MAX);
	memset(servers, 0, VMNET_SERVERS_MAX * sizeof(*servers));
	nla_memcpy(servers, nla, n * sizeof(*servers));
	*count = n;
	for (i = 0; i < n; i++)
		if (!vmnet_dhcp_is_host(ntohl(servers[i])))
			return vmnet_dhcp_refuse(wish, attr,
						 "%pI4 is not a server's address",
						 &servers[i]);
	return 0;
}

bool vmnet_dhcp_is_domain(const char *domain)
{
	unsigned int label = 0;
	char c, before = '.';

	for (; (c = *domain); before = c, domain++) {
		if (c == '.') {
			if (!label || before == '-')
				return false;
			label = 0;
			continue;
		}
		if (!isascii(c) || (!isalnum(c) && c != '-' && c != '_') ||
		    (c == '-' && !label) || ++label > 63)
			return false;
	}
	return label && before != '-';
}

static int vmnet_dhcp_wish_domain(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_options *options = &wish->config->options;
	const struct nlattr *nla = wish->tb[VMNET_A_DHCP_DOMAIN];
	const char *domain;
	size_t len;

	if (!nla)
		return 0;
	domain = nla_data(nla);
	len = strlen(domain);
	if (len && !vmnet_dhcp_is_domain(domain))
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_DOMAIN,
					 "A domain is labels of letters, digits and hyphens with dots between");
	memset(options->domain, 0, sizeof(options->domain));
	memcpy(options->domain, domain, len);
	options->domain_len = len;
	return 0;
}

static int vmnet_dhcp_check_times(struct vmnet_dhcp_wish *wish)
{
	const struct vmnet_dhcp_config *config = wish->config;
	u32 t1 = config->t1 ?: vmnet_dhcp_default_t1(config->lease);
	u32 t2 = config->t2 ?: vmnet_dhcp_default_t2(config->lease);

	if (!config->lease)
		return vmnet_dhcp_refuse(wish, VMNET_A_DHCP_LEASE,
					 "A lease of 0 seconds is none");
	if (config->lease < config->lease_min)
		return vmnet_dhcp_refuse(wish,
					 vmnet_dhcp_either(wish,
							   VMNET_A_DHCP_LEASE,
							   VMNET_A_DHCP_LEASE_MIN),
					 "The lease of %u s is below the minimum of %u s",
					 config->lease, config->lease_min);
	if (config->lease_max && config->lease_max < config->lease)
		return vmnet_dhcp_refuse(wish,
					 vmnet_dhcp_either(wish,
							   VMNET_A_DHCP_LEASE_MAX,
							   VMNET_A_DHCP_LEASE),
					 "The lease of %u s is above the maximum of %u s",
					 config->lease, config->lease_max);
	if (t1 >= t2)
		return vmnet_dhcp_refuse(wish,
					 vmnet_dhcp_either(wish,
							   VMNET_A_DHCP_T1,
							   VMNET_A_DHCP_T2),
					 "T1 of %u s is not below T2 of %u s",
					 t1, t2);
	if (t2 >= config->lease)
		return vmnet_dhcp_refuse(wish,
					 vmnet_dhcp_either(wish,
							   VMNET_A_DHCP_T2,
							   VMNET_A_DHCP_LEASE),
					 "T2 of %u s is not below the lease of %u s",
					 t2, config->lease);
	return 0;
}

static int vmnet_dhcp_wish_times(struct vmnet_dhcp_wish *wish)
{
	struct vmnet_dhcp_config *config = wish->config;

	vmnet_dhcp_get_u32(wish, VMNET_A_DHCP_LEASE, &config->lease);
	vmnet_dhcp_get_u32(wish, VMNET_A_DHCP_LEASE_MIN, &config->lease_min);
	vmnet_dhcp_get_u32(wish, VMNET_A_DHCP_LEASE_MAX, &config->lease_max);
	vmnet_dhcp_get_u32(wish, VMNET_A_DHCP_T1, &config->t1);
	vmnet_dhcp_get_u32(wish, VMNET_A_DHCP_T2, &config->t2);
	if (!config->lease_min)
		config->lease_min = VMNET_DHCP_LEASE_MIN_DEFAULT;
	return vmnet_dhcp_check_times(wish);
}

int vmnet_dhcp_config_read(struct vmnet_dhcp_config *config,
			   struct vmnet_network *nw,
			   const struct vmnet_dhcp_key *key, struct nlattr **tb,
			   struct netlink_ext_ack *extack)
{
	struct vmnet_dhcp_options *options = &config->options;
	struct vmnet_dhcp_wish wish = {
		.config = config,
		.nw = nw,
		.key = key,
		.tb = tb,
		.extack = extack,
	};
	u32 hosts;
	int err;

	ASSERT_RTNL();

	err = vmnet_dhcp_wish_subnet(&wish);
	if (err)
		return err;
	hosts = ~0U >> config->prefix_len;
	options->mask = htonl(~hosts);
	options->broadcast = htonl(config->subnet | hosts);
	wish.first = config->subnet + 1;
	wish.last = (config->subnet | hosts) - 1;

	err = vmnet_dhcp_wish_server(&wish);
	if (!err)
		err = vmnet_dhcp_wish_range(&wish);
	if (!err)
		err = vmnet_dhcp_wish_exclude(&wish);
	if (!err)
		err = vmnet_dhcp_wish_router(&wish);
	if (!err)
		err = vmnet_dhcp_wish_servers(&wish, VMNET_A_DHCP_DNS,
					      options->dns,
					      &options->dns_count);
	if (!err)
		err = vmnet_dhcp_wish_servers(&wish, VMNET_A_DHCP_WINS,
					      options->wins,
					      &options->wins_count);
	if (!err)
		err = vmnet_dhcp_wish_domain(&wish);
	if (!err)
		err = vmnet_dhcp_wish_options(&wish);
	if (!err)
		err = vmnet_dhcp_wish_times(&wish);
	if (err)
		return err;

	if (tb[VMNET_A_DHCP_KEY])
		config->key = nla_get_u32(tb[VMNET_A_DHCP_KEY]);
	if (tb[VMNET_A_DHCP_PROBE])
		config->probe = nla_get_u32(tb[VMNET_A_DHCP_PROBE]);
	if (tb[VMNET_A_DHCP_ENABLED])
		config->enabled = nla_get_u8(tb[VMNET_A_DHCP_ENABLED]);
	if (is_zero_ether_addr(config->server_mac))
		vmnet_mac_auto(config->server_mac, "dhcp",
			       netdev_name(nw->dev));
	return 0;
}
