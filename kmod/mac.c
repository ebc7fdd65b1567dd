// SPDX-License-Identifier: GPL-2.0-only
/* Automatic addresses: derived, not drawn, so that they survive a reboot. */

#include <linux/dmi.h>
#include <linux/hashtable.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/siphash.h>
#include <linux/string.h>
#include <linux/uuid.h>

#include "fdb.h"
#include "mac.h"

static siphash_key_t vmnet_mac_key;
static const char *vmnet_mac_source;
static DEFINE_HASHTABLE(vmnet_macs, 10);

/* Long enough for the kind, the longest name and the attempt. */
#define VMNET_MAC_SEED	(16 + VMNET_PORT_NAME_MAX + 12)

static bool vmnet_mac_taken(u64 key)
{
	const struct vmnet_port *port;

	hash_for_each_possible(vmnet_macs, port, by_mac, key)
		if (vmnet_fdb_key(port->dev->dev_addr, 0) == key)
			return true;
	return false;
}

void vmnet_mac_auto(u8 mac[ETH_ALEN], const char *kind, const char *name)
{
	char seed[VMNET_MAC_SEED];
	unsigned int attempt = 0;
	u64 hash;
	int len;

	ASSERT_RTNL();

	/* Another attempt is needed where two namespaces use one name. */
	do {
		len = scnprintf(seed, sizeof(seed), "%s/%s/%u", kind, name,
				attempt++);
		hash = siphash(seed, len, &vmnet_mac_key);
		memcpy(mac, &hash, ETH_ALEN);
		mac[0] = (mac[0] & 0xfc) | 0x02;
	} while (vmnet_mac_taken(vmnet_fdb_key(mac, 0)));
}

void vmnet_mac_list(struct vmnet_port *port)
{
	ASSERT_RTNL();
	hash_add(vmnet_macs, &port->by_mac,
		 vmnet_fdb_key(port->dev->dev_addr, 0));
}

void vmnet_mac_unlist(struct vmnet_port *port)
{
	ASSERT_RTNL();
	hash_del(&port->by_mac);
}

void vmnet_mac_set_key(const u8 *key)
{
	ASSERT_RTNL();
	memcpy(&vmnet_mac_key, key, VMNET_HOST_KEY_LEN);
	vmnet_mac_source = "administrator";
}

const char *vmnet_mac_key_source(void)
{
	ASSERT_RTNL();
	return vmnet_mac_source;
}

/* A machine without firmware tables has no UUID, and one that was cloned
 * carelessly has that of all zeros or all ones.
 */
static bool vmnet_mac_key_from_dmi(void)
{
	const char *text = dmi_get_system_info(DMI_PRODUCT_UUID);
	uuid_t uuid;

	if (!text || uuid_parse(text, &uuid) || uuid_is_null(&uuid) ||
	    !memchr_inv(&uuid, 0xff, sizeof(uuid)))
		return false;
	memcpy(&vmnet_mac_key, &uuid, sizeof(vmnet_mac_key));
	return true;
}

void vmnet_mac_init(void)
{
	static_assert(sizeof(vmnet_mac_key) == VMNET_HOST_KEY_LEN);

	if (vmnet_mac_key_from_dmi()) {
		vmnet_mac_source = "dmi";
		return;
	}
	get_random_bytes(&vmnet_mac_key, sizeof(vmnet_mac_key));
	vmnet_mac_source = "random";
	pr_notice("vmnet: this machine has no UUID: automatic addresses change with each load, unless 'vmnetctl host set key' gives a key\n");
}
