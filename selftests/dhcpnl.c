// SPDX-License-Identifier: GPL-2.0-only
/* Netlink messages about DHCP that vmnetctl would not send.
 *
 *	dhcpnl NETWORK			each is refused with its sentence
 *	dhcpnl NETWORK reservation	the same of reservations
 *	dhcpnl NETWORK fill COUNT	makes so many reservations, for
 *					02:01:00:00:00:00 and on of addresses
 *					from 10.64.0.16 on; prints nothing
 *
 * NETWORK has 10.77.0.0/24, or 10.64.0.0/16 to be filled. Prints one line for each: "pass NAME" or "fail
 * NAME: why"; and "said SENTENCE" for what the kernel said.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/vmnet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct mnl_socket *nl;
static int family;
static char buf[16384];
static char sentence[512];

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static int note_attr(const struct nlattr *attr, void *data)
{
	(void)data;
	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
		snprintf(sentence, sizeof(sentence), "%s",
			 mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

static int note_family(const struct nlattr *attr, void *data)
{
	(void)data;
	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		family = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static struct nlmsghdr *begin(int type, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = 1;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
	return nlh;
}

/* The error of the answer, as a positive number; its sentence is kept. */
static int ask(struct nlmsghdr *nlh)
{
	static char answer[16384];
	const struct nlmsghdr *reply;
	const struct nlmsgerr *err;
	unsigned int skip;
	ssize_t len;

	sentence[0] = '\0';
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		die("send");
	for (;;) {
		len = mnl_socket_recvfrom(nl, answer, sizeof(answer));
		if (len < 0)
			die("receive");
		reply = (void *)answer;
		if (reply->nlmsg_type == NLMSG_ERROR)
			break;
		mnl_attr_parse(reply, sizeof(struct genlmsghdr), note_family,
			       NULL);
	}
	err = mnl_nlmsg_get_payload(reply);
	skip = sizeof(*err);
	if (!(reply->nlmsg_flags & NLM_F_CAPPED))
		skip += err->msg.nlmsg_len - sizeof(err->msg);
	if (reply->nlmsg_flags & NLM_F_ACK_TLVS)
		mnl_attr_parse(reply, skip, note_attr, NULL);
	return -err->error;
}

static const char *network;
static struct nlmsghdr *nlh;
static struct nlattr *nest;

static void start(uint8_t cmd, int type)
{
	nlh = begin(family, cmd);
	nest = mnl_attr_nest_start(nlh, type);
	mnl_attr_put_strz(nlh, type == VMNET_A_DHCP ? VMNET_A_DHCP_NETWORK :
			       type == VMNET_A_LEASE ? VMNET_A_LEASE_NETWORK :
						VMNET_A_RESERVATION_NETWORK,
			  network);
}

static void address(int attr, const char *text)
{
	mnl_attr_put_u32(nlh, attr, inet_addr(text));
}

static void expect(const char *name, int error, const char *wanted)
{
	int err;

	mnl_attr_nest_end(nlh, nest);
	err = ask(nlh);
	if (sentence[0])
		printf("said %s\n", sentence);
	if (err != error)
		printf("fail %s: error %d, not %d\n", name, err, error);
	else if (wanted && !strstr(sentence, wanted))
		printf("fail %s: said '%s', not '%s'\n", name, sentence, wanted);
	else
		printf("pass %s\n", name);
}

static void subnets(void)
{
	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	expect("nothing to change", EINVAL, "does not say what to change");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	mnl_attr_put(nlh, VMNET_A_DHCP_FORCE, 0, NULL);
	expect("force, but nothing to change", EINVAL,
	       "does not say what to change");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	address(VMNET_A_DHCP_SUBNET, "10.77.0.0");
	expect("a subnet without prefix length", EINVAL,
	       "A subnet is an address and a prefix length");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	mnl_attr_put_u8(nlh, VMNET_A_DHCP_PREFIX_LEN, 24);
	expect("a prefix length alone", EINVAL,
	       "A subnet is an address and a prefix length");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	address(VMNET_A_DHCP_SUBNET, "10.77.0.0");
	mnl_attr_put_u8(nlh, VMNET_A_DHCP_PREFIX_LEN, 31);
	expect("a prefix length of 31", ERANGE, NULL);

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	address(VMNET_A_DHCP_SUBNET, "10.77.0.0");
	mnl_attr_put_u8(nlh, VMNET_A_DHCP_PREFIX_LEN, 24);
	mnl_attr_put(nlh, VMNET_A_DHCP_AUTO, 0, NULL);
	expect("a subnet, and auto", EINVAL, "not both");
}

static void values(void)
{
	uint32_t many[VMNET_SERVERS_MAX + 1];
	int i;

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	address(VMNET_A_DHCP_RANGE_START, "10.77.0.5");
	expect("half a range", EINVAL, "A range has a first and a last address");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	address(VMNET_A_DHCP_RANGE_START, "10.77.0.9");
	address(VMNET_A_DHCP_RANGE_END, "10.77.0.5");
	expect("a range backwards", EINVAL, "The range ends before it begins");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	mnl_attr_put(nlh, VMNET_A_DHCP_DNS, 6, "\12\115\0\65\12\115");
	expect("an address and a half", EINVAL, "An address has four octets");

	for (i = 0; i <= VMNET_SERVERS_MAX; i++)
		many[i] = inet_addr("10.77.0.53");
	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	mnl_attr_put(nlh, VMNET_A_DHCP_WINS, sizeof(many), many);
	expect("nine servers", EINVAL, "8 such servers at most");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	mnl_attr_put_u32(nlh, VMNET_A_DHCP_KEY, 2);
	expect("a key that nobody knows", ERANGE, NULL);

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	mnl_attr_put_u64(nlh, VMNET_A_DHCP_ACKS, 1);
	expect("a counter", EINVAL, "The command does not take this");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	mnl_attr_put(nlh, VMNET_A_DHCP_SERVER_MAC, 6, "\2\0\0\0\0\1");
	expect("a server's hardware address", EINVAL,
	       "The command does not take this");

	start(VMNET_CMD_LEASE_DEL, VMNET_A_LEASE);
	expect("a lease without address", EINVAL,
	       "The lease's address is not named");

	start(VMNET_CMD_LEASE_DEL, VMNET_A_LEASE);
	address(VMNET_A_LEASE_ADDRESS, "10.77.0.5");
	mnl_attr_put_strz(nlh, VMNET_A_LEASE_PORT, "pa");
	expect("a lease by its port", EINVAL, "The command does not take this");
}

/* Lists of what has several parts. */
static void lists(void)
{
	struct nlattr *list, *entry;
	uint32_t route[3] = {
		inet_addr("10.1.0.0"), inet_addr("255.0.255.0"),
		inet_addr("10.77.0.2"),
	};

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	mnl_attr_put(nlh, VMNET_A_DHCP_ROUTES, 8, route);
	expect("two thirds of a route", EINVAL,
	       "A route is destination, mask and router, four octets each");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	mnl_attr_put(nlh, VMNET_A_DHCP_ROUTES, sizeof(route), route);
	expect("a mask with holes", EINVAL,
	       "255.0.255.0 is not the mask of a prefix");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	address(VMNET_A_DHCP_EXCLUDE, "10.77.0.5");
	expect("half an exclusion", EINVAL,
	       "An exclusion is a first and a last address");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	list = mnl_attr_nest_start(nlh, VMNET_A_DHCP_SEARCH);
	mnl_attr_put(nlh, VMNET_A_DHCP_DOMAINS_DOMAIN, 9, "good\0bad");
	mnl_attr_nest_end(nlh, list);
	expect("a domain behind an octet of zero", EINVAL,
	       "A domain to search in is labels");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	list = mnl_attr_nest_start(nlh, VMNET_A_DHCP_BOOT_FILE_ARCH);
	entry = mnl_attr_nest_start(nlh, VMNET_A_DHCP_BOOT_LIST_ENTRY);
	mnl_attr_put_u16(nlh, VMNET_A_DHCP_BOOT_ENTRY_ARCH, 7);
	mnl_attr_nest_end(nlh, entry);
	mnl_attr_nest_end(nlh, list);
	expect("an architecture without file", EINVAL,
	       "An entry is an architecture and its boot file");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	list = mnl_attr_nest_start(nlh, VMNET_A_DHCP_OPTION);
	entry = mnl_attr_nest_start(nlh, VMNET_A_DHCP_OPTION_LIST_ENTRY);
	mnl_attr_put(nlh, VMNET_A_DHCP_OPTION_ENTRY_DATA, 1, "x");
	mnl_attr_nest_end(nlh, entry);
	mnl_attr_nest_end(nlh, list);
	expect("an option without number", EINVAL,
	       "An entry is an option's number and its octets");
}

static void reservations(void)
{
	static const char mac[] = "\2\0\0\0\1";	/* and an end: six */
	uint8_t id[256] = { 1 };

	start(VMNET_CMD_RESERVATION_ADD, VMNET_A_RESERVATION);
	address(VMNET_A_RESERVATION_ADDRESS, "10.77.0.231");
	expect("a reservation for nobody", EINVAL,
	       "does not say for whom it is reserved");

	start(VMNET_CMD_RESERVATION_ADD, VMNET_A_RESERVATION);
	mnl_attr_put(nlh, VMNET_A_RESERVATION_MAC, sizeof(mac), mac);
	expect("a reservation of nothing", EINVAL,
	       "The address to reserve is not named");

	start(VMNET_CMD_RESERVATION_ADD, VMNET_A_RESERVATION);
	address(VMNET_A_RESERVATION_ADDRESS, "10.77.0.231");
	mnl_attr_put(nlh, VMNET_A_RESERVATION_MAC, sizeof(mac), mac);
	mnl_attr_put_strz(nlh, VMNET_A_RESERVATION_PORT, "pa");
	expect("a reservation for two", EINVAL,
	       "named by one of hardware address, client id and port");

	start(VMNET_CMD_RESERVATION_ADD, VMNET_A_RESERVATION);
	address(VMNET_A_RESERVATION_ADDRESS, "10.77.0.231");
	mnl_attr_put(nlh, VMNET_A_RESERVATION_CLIENT_ID, 0, NULL);
	expect("a client id of nothing", EINVAL,
	       "A client id has 1 to 255 octets");

	start(VMNET_CMD_RESERVATION_ADD, VMNET_A_RESERVATION);
	address(VMNET_A_RESERVATION_ADDRESS, "10.77.0.231");
	mnl_attr_put(nlh, VMNET_A_RESERVATION_CLIENT_ID, sizeof(id), id);
	expect("a client id of 256 octets", EINVAL,
	       "A client id has 1 to 255 octets");

	start(VMNET_CMD_RESERVATION_DEL, VMNET_A_RESERVATION);
	expect("to delete nothing", EINVAL,
	       "does not say for whom it is reserved");

	start(VMNET_CMD_DHCP_SET, VMNET_A_DHCP);
	mnl_attr_put_u16(nlh, VMNET_A_DHCP_VLAN, 4095);
	expect("a VLAN that is none", ERANGE, NULL);
}

/* A lease that could be entered, but for what the caller makes wrong. */
static void lease(const char *mac, int id_len, int name_len)
{
	uint8_t data[256];

	memset(data, 0xff, sizeof(data));
	start(VMNET_CMD_LEASE_ADD, VMNET_A_LEASE);
	address(VMNET_A_LEASE_ADDRESS, "10.77.0.5");
	if (mac)
		mnl_attr_put(nlh, VMNET_A_LEASE_MAC, 6, mac);
	mnl_attr_put_strz(nlh, VMNET_A_LEASE_PORT, "pa");
	mnl_attr_put_u32(nlh, VMNET_A_LEASE_STATE, VMNET_LEASE_STATE_BOUND);
	mnl_attr_put(nlh, VMNET_A_LEASE_CLIENT_ID, id_len, data);
	mnl_attr_put(nlh, VMNET_A_LEASE_HOSTNAME, name_len, data);
}

static void leases(void)
{
	lease(NULL, 0, 0);
	expect("a lease without client", EINVAL, "A lease needs its address");

	lease("\3\0\0\0\0\1", 0, 0);
	expect("a lease of a group", EINVAL,
	       "No client can have this hardware address");

	lease("\2\0\0\0\0\1", 256, 0);
	expect("a client id too long", EINVAL,
	       "A client id has 255 octets at most");

	lease("\2\0\0\0\0\1", 0, 64);
	expect("a host name too long", EINVAL,
	       "A host name has 63 octets at most");

	lease("\2\0\0\0\0\1", 0, 0);
	mnl_attr_put_u32(nlh, VMNET_A_LEASE_EVENT, 0);
	expect("a lease with an event", EINVAL,
	       "The command does not take this");

	lease("\2\0\0\0\0\1", 0, 0);
	mnl_attr_put_u64(nlh, VMNET_A_LEASE_EXPIRES, 0xffffffffULL);
	expect("a lease too long", EINVAL, "No lease is as long as this");
}

static int fill(int count)
{
	uint8_t mac[6] = { 2, 1 };
	int i;

	for (i = 0; i < count; i++) {
		mac[4] = i >> 8;
		mac[5] = i;
		start(VMNET_CMD_RESERVATION_ADD, VMNET_A_RESERVATION);
		mnl_attr_put_u32(nlh, VMNET_A_RESERVATION_ADDRESS,
				 htonl(0x0a400010 + i));
		mnl_attr_put(nlh, VMNET_A_RESERVATION_MAC, sizeof(mac), mac);
		mnl_attr_nest_end(nlh, nest);
		if (ask(nlh)) {
			fprintf(stderr, "dhcpnl: %d: %s\n", i, sentence);
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	int on = 1;

	if (argc < 2) {
		fprintf(stderr, "dhcpnl NETWORK [reservation | fill COUNT]\n");
		return 2;
	}
	network = argv[1];
	nl = mnl_socket_open(NETLINK_GENERIC);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_setsockopt(nl, NETLINK_EXT_ACK, &on, sizeof(on)))
		die("netlink");
	nlh = begin(GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, VMNET_GENL_NAME);
	if (ask(nlh) || !family)
		die("family");

	if (argc == 4)
		return fill(atoi(argv[3]));
	if (argc == 3) {
		reservations();
		return 0;
	}
	subnets();
	values();
	lists();
	leases();
	return 0;
}
