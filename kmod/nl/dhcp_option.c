// SPDX-License-Identifier: GPL-2.0-only
/* Netlink of what DHCP clients are told: settings as they were made. */

#include <net/genetlink.h>

#include "../dhcp/config.h"
#include "dhcp.h"

static int vmnet_nl_put_search(struct sk_buff *skb,
			       const struct vmnet_dhcp_options *options)
{
	struct nlattr *nest = nla_nest_start(skb, VMNET_A_DHCP_SEARCH);
	char domain[VMNET_DHCP_NAME_MAX + 1];
	size_t pos = 0;

	if (!nest)
		return -EMSGSIZE;
	while (vmnet_dhcp_search_next(options, &pos, domain))
		if (nla_put_string(skb, VMNET_A_DHCP_DOMAINS_DOMAIN, domain))
			return -EMSGSIZE; /* the caller gives up the whole object */
	nla_nest_end(skb, nest);
	return 0;
}

/* Texts are kept without an octet for their end. */
static int vmnet_nl_put_text(struct sk_buff *skb, int attr, const char *text,
			     u8 len)
{
	struct nlattr *nla = nla_reserve(skb, attr, len + 1);

	if (!nla)
		return -EMSGSIZE;
	memcpy(nla_data(nla), text, len);
	((char *)nla_data(nla))[len] = '\0';
	return 0;
}

static int vmnet_nl_put_arch_files(struct sk_buff *skb,
				   const struct vmnet_dhcp_options *options)
{
	struct nlattr *nest = nla_nest_start(skb, VMNET_A_DHCP_BOOT_FILE_ARCH);
	const struct vmnet_dhcp_arch_file *entry = options->arch_files;
	struct nlattr *one;
	u8 i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < options->arch_count; i++, entry++) {
		one = nla_nest_start(skb, VMNET_A_DHCP_BOOT_LIST_ENTRY);
		if (!one ||
		    nla_put_u16(skb, VMNET_A_DHCP_BOOT_ENTRY_ARCH,
				entry->arch) ||
		    vmnet_nl_put_text(skb, VMNET_A_DHCP_BOOT_ENTRY_FILE,
				      entry->file.name, entry->file.len))
			return -EMSGSIZE;
		nla_nest_end(skb, one);
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int vmnet_nl_put_raw(struct sk_buff *skb,
			    const struct vmnet_dhcp_options *options)
{
	struct nlattr *nest = nla_nest_start(skb, VMNET_A_DHCP_OPTION);
	const struct vmnet_dhcp_raw *raw = options->raw;
	struct nlattr *one;
	u8 i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < options->raw_count; i++, raw++) {
		one = nla_nest_start(skb, VMNET_A_DHCP_OPTION_LIST_ENTRY);
		if (!one ||
		    nla_put_u8(skb, VMNET_A_DHCP_OPTION_ENTRY_CODE,
			       raw->code) ||
		    nla_put(skb, VMNET_A_DHCP_OPTION_ENTRY_DATA, raw->len,
			    options->octets + raw->start))
			return -EMSGSIZE;
		nla_nest_end(skb, one);
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int vmnet_nl_put_boot(struct sk_buff *skb,
			     const struct vmnet_dhcp_options *options)
{
	if (nla_put_in_addr(skb, VMNET_A_DHCP_NEXT_SERVER,
			    options->next_server) ||
	    vmnet_nl_put_text(skb, VMNET_A_DHCP_TFTP_SERVER,
			      options->tftp_server,
			      options->tftp_server_len) ||
	    vmnet_nl_put_text(skb, VMNET_A_DHCP_BOOT_FILE,
			      options->boot_file.name,
			      options->boot_file.len) ||
	    vmnet_nl_put_text(skb, VMNET_A_DHCP_BOOT_FILE_IPXE,
			      options->ipxe_file.name,
			      options->ipxe_file.len))
		return -EMSGSIZE;
	return vmnet_nl_put_arch_files(skb, options);
}

int vmnet_nl_put_dhcp_options(struct sk_buff *skb,
			      const struct vmnet_dhcp_config *config)
{
	const struct vmnet_dhcp_options *options = &config->options;

	if (vmnet_nl_put_search(skb, options) ||
	    nla_put(skb, VMNET_A_DHCP_NTP,
		    options->ntp_count * sizeof(*options->ntp),
		    options->ntp) ||
	    nla_put_u8(skb, VMNET_A_DHCP_MTU, options->mtu) ||
	    nla_put(skb, VMNET_A_DHCP_ROUTES,
		    options->routes_count * sizeof(*options->routes),
		    options->routes) ||
	    vmnet_nl_put_boot(skb, options) ||
	    nla_put_u32(skb, VMNET_A_DHCP_V6ONLY, options->v6only) ||
	    nla_put_u32(skb, VMNET_A_DHCP_AUTO_CONFIGURE,
			options->auto_configure) ||
	    nla_put_u8(skb, VMNET_A_DHCP_RAPID_COMMIT,
		       options->rapid_commit) ||
	    vmnet_nl_put_raw(skb, options) ||
	    nla_put(skb, VMNET_A_DHCP_EXCLUDE,
		    config->exclude_count * sizeof(*config->exclude),
		    config->exclude))
		return -EMSGSIZE;
	return 0;
}
