// SPDX-License-Identifier: GPL-2.0-only
/* The state machine: what a client's message does to its lease, and what is
 * answered. RFC 2131 section 4.3; the server owns its subnet, so it refuses
 * what does not fit and takes up what it does not remember.
 */

#include <linux/kernel.h>
#include <linux/ktime.h>

#include "../nl/dhcp.h"
#include "arp.h"
#include "exchange.h"
#include "log.h"
#include "probe.h"
#include "relay.h"
#include "reservation.h"

/* Addresses that are passed over because ARP says that somebody has them; who
 * floods us with ARP gains no more than that.
 */
#define VMNET_DHCP_TRIES	4

/* Offers that may be out, beside half of the pool. */
#define VMNET_DHCP_OFFERS_MIN	16

/* However many ports ask and never take what they are offered, some addresses
 * are left for the others.
 */
static u32 vmnet_dhcp_offers_max(const struct vmnet_dhcp *dhcp)
{
	return max_t(u32, dhcp->pool.size / 2, VMNET_DHCP_OFFERS_MIN);
}

static enum vmnet_dhcp_outcome
vmnet_dhcp_answer_with(struct vmnet_dhcp_exchange *x, u8 type)
{
	x->reply.type = type;
	x->reply.server = x->server;
	return VMNET_DHCP_ANSWER;
}

/* An outcome, and why. */
static enum vmnet_dhcp_outcome
vmnet_dhcp_decided(struct vmnet_dhcp_exchange *x,
		   enum vmnet_dhcp_decision decision, u32 address,
		   enum vmnet_dhcp_outcome outcome)
{
	x->decision = decision;
	x->decided = address;
	return outcome;
}

static enum vmnet_dhcp_outcome
vmnet_dhcp_nak(struct vmnet_dhcp_exchange *x, enum vmnet_dhcp_decision why,
	       u32 address)
{
	x->dhcp->counts[VMNET_DHCP_NAKS]++;
	return vmnet_dhcp_decided(x, why, address,
				  vmnet_dhcp_answer_with(x, VMNET_DHCP_NAK));
}

static enum vmnet_dhcp_outcome
vmnet_dhcp_ignore(struct vmnet_dhcp_exchange *x, enum vmnet_dhcp_decision why)
{
	return vmnet_dhcp_decided(x, why, 0, VMNET_DHCP_IGNORE);
}

static enum vmnet_dhcp_outcome vmnet_dhcp_full(struct vmnet_dhcp_exchange *x)
{
	return vmnet_dhcp_decided(x, VMNET_DHCP_DECISION_PORT_FULL, 0,
				  VMNET_DHCP_LIMIT);
}

static enum vmnet_dhcp_outcome
vmnet_dhcp_no_memory(struct vmnet_dhcp_exchange *x)
{
	return vmnet_dhcp_decided(x, VMNET_DHCP_DECISION_NO_MEMORY, 0,
				  VMNET_DHCP_NO_MEMORY);
}

static void vmnet_dhcp_event(struct vmnet_dhcp_exchange *x, int event)
{
	if (!vmnet_nl_lease_is_heard(x->dhcp))
		return;
	x->event = event;
	vmnet_dhcp_lease_info(x->lease, x->info, x->now);
}

/* RFC 2563: a client that asks for it hears that there is no address, and
 * whether it shall choose one of its link; all others hear nothing.
 */
static enum vmnet_dhcp_outcome
vmnet_dhcp_no_address(struct vmnet_dhcp_exchange *x)
{
	u8 told = x->config->options.auto_configure;

	if (told == VMNET_AUTO_CONFIGURE_NONE || !x->msg->has_auto_configure)
		return VMNET_DHCP_DONE;
	x->reply.auto_configure = told;
	return vmnet_dhcp_answer_with(x, VMNET_DHCP_OFFER);
}

/* A client is told of at most once a second: there may be many, and what they
 * want does not become truer by repetition.
 */
static enum vmnet_dhcp_outcome
vmnet_dhcp_exhausted(struct vmnet_dhcp_exchange *x,
		     enum vmnet_dhcp_decision why)
{
	struct vmnet_dhcp_lease_info *info = x->info;

	x->decision = why;
	x->dhcp->counts[VMNET_DHCP_EXHAUSTED]++;
	if (x->dhcp->exhausted_at == (u32)x->now)
		return vmnet_dhcp_no_address(x);
	x->dhcp->exhausted_at = x->now;
	x->event = VMNET_LEASE_EVENT_EXHAUSTED;
	info->address = 0;
	info->port = x->client.port;
	info->expires = VMNET_DHCP_NEVER;
	ether_addr_copy(info->mac, x->client.mac);
	info->id_len = x->client.id_len;
	memcpy(info->id, x->client.id, x->client.id_len);
	info->hostname_len = x->client.hostname_len;
	memcpy(info->hostname, x->client.hostname, x->client.hostname_len);
	return vmnet_dhcp_no_address(x);
}

/* Seconds that the client gets: what it asks for, within limits. */
static u32 vmnet_dhcp_seconds(const struct vmnet_dhcp_exchange *x)
{
	const struct vmnet_dhcp_config *config = x->config;
	u32 longest = config->lease_max ?: config->lease;

	if (!x->msg->has_lease)
		return config->lease;
	return clamp(x->msg->lease, config->lease_min, longest);
}

/* RFC 2131 section 4.4.5. Times that were set for the usual lease are of no use
 * to a client that gets a shorter one.
 */
static void vmnet_dhcp_put_times(struct vmnet_dhcp_exchange *x, u32 seconds)
{
	const struct vmnet_dhcp_config *config = x->config;
	u32 t1 = config->t1 ?: vmnet_dhcp_default_t1(seconds);
	u32 t2 = config->t2 ?: vmnet_dhcp_default_t2(seconds);

	x->reply.lease = seconds;
	if (seconds == VMNET_DHCP_FOREVER && !config->t1 && !config->t2)
		return;
	if (t1 >= t2 || t2 >= seconds) {
		t1 = vmnet_dhcp_default_t1(seconds);
		t2 = vmnet_dhcp_default_t2(seconds);
	}
	if (t1 < t2 && t2 < seconds) {
		x->reply.t1 = t1;
		x->reply.t2 = t2;
	}
}

/* Whether the port may make one more lease its own; what it has, it keeps. */
static bool vmnet_dhcp_port_is_full(const struct vmnet_dhcp_exchange *x)
{
	u32 limit = READ_ONCE(x->port->dhcp.limit);

	if (x->lease && vmnet_dhcp_state_is_active(x->lease->state) &&
	    x->lease->port == x->client.port)
		return false;
	return limit && atomic_read(&x->port->dhcp.leases) >= limit;
}

/* One that the client names, or that it is led to by its hash, or the one that
 * was left alone the longest.
 */
static bool vmnet_dhcp_choose(struct vmnet_dhcp_exchange *x, u32 *address)
{
	struct vmnet_dhcp *dhcp = x->dhcp;
	struct vmnet_dhcp_lease *oldest;
	bool found = false;
	unsigned int i;
	u32 from;

	if (x->msg->has_requested) {
		*address = ntohl(x->msg->requested);
		if (vmnet_dhcp_address_is_free(dhcp, *address) &&
		    !vmnet_dhcp_is_seen(dhcp, *address, x->client.mac, x->now))
			return true;
	}

	from = dhcp->pool.start + vmnet_dhcp_client_place(&x->client,
							  dhcp->pool.size);
	for (i = 0; i < VMNET_DHCP_TRIES; i++) {
		if (!vmnet_dhcp_pool_find_free(&dhcp->pool, from, address))
			break;
		found = true;
		if (!vmnet_dhcp_is_seen(dhcp, *address, x->client.mac, x->now))
			break;
		from = *address + 1;
		if (!vmnet_dhcp_pool_has(&dhcp->pool, from))
			from = dhcp->pool.start;
	}
	if (found)
		return true;

	oldest = list_first_entry_or_null(&dhcp->idle, struct vmnet_dhcp_lease,
					  link);
	if (oldest)
		*address = oldest->address;
	return oldest;
}

/* Makes @x->lease the client's, without state yet, if it has none. */
static bool vmnet_dhcp_have_lease(struct vmnet_dhcp_exchange *x, u32 address)
{
	if (x->lease)
		vmnet_dhcp_lease_update(x->dhcp, x->lease, &x->client);
	else
		x->lease = vmnet_dhcp_lease_create(x->dhcp, &x->client,
						   address);
	return x->lease;
}

/* What the client had once is of no use if the administrator has deleted it,
 * or if somebody else was seen to have it.
 */
static void vmnet_dhcp_forget_lost(struct vmnet_dhcp_exchange *x)
{
	struct vmnet_dhcp_lease *lease = x->lease;

	if (!lease || vmnet_dhcp_state_is_active(lease->state))
		return;
	if (lease->state == VMNET_DHCP_REVOKED ||
	    vmnet_dhcp_is_seen(x->dhcp, lease->address, x->client.mac,
			       x->now)) {
		vmnet_dhcp_lease_free(x->dhcp, lease);
		x->lease = NULL;
	}
}

static void vmnet_dhcp_bind(struct vmnet_dhcp_exchange *x)
{
	struct vmnet_dhcp_lease *lease = x->lease;
	u32 seconds = vmnet_dhcp_seconds(x);
	bool again = lease->state == VMNET_LEASE_STATE_BOUND;
	u64 due = VMNET_DHCP_NEVER;

	lease->expires = VMNET_DHCP_NEVER;
	if (seconds != VMNET_DHCP_FOREVER) {
		lease->expires = x->now + seconds;
		due = lease->expires + VMNET_DHCP_GRACE;
	}
	lease->renewed = x->now;
	lease->probing = false;
	x->decision = again ? VMNET_DHCP_DECISION_RENEWED :
			      VMNET_DHCP_DECISION_BOUND;
	x->decided = lease->address;
	vmnet_dhcp_lease_set(x->dhcp, lease, VMNET_LEASE_STATE_BOUND, due);
	vmnet_dhcp_put_times(x, seconds);
	vmnet_dhcp_event(x, again ? VMNET_LEASE_EVENT_RENEWED :
				    VMNET_LEASE_EVENT_NEW);
}

/* RFC 4039: offered and taken at once, where both sides want it. There is no
 * offer beside it, and no other server that could be chosen.
 */
static enum vmnet_dhcp_outcome
vmnet_dhcp_rapid_commit(struct vmnet_dhcp_exchange *x)
{
	vmnet_dhcp_bind(x);
	x->dhcp->counts[VMNET_DHCP_ACKS]++;
	x->reply.rapid_commit = true;
	x->reply.yiaddr = htonl(x->lease->address);
	return vmnet_dhcp_decided(x, VMNET_DHCP_DECISION_BOUND_AT_ONCE,
				  x->lease->address,
				  vmnet_dhcp_answer_with(x, VMNET_DHCP_ACK));
}

/* A lease that must make room for what is reserved. */
static void vmnet_dhcp_supersede(struct vmnet_dhcp_exchange *x,
				 struct vmnet_dhcp_lease *lease)
{
	if (lease->state == VMNET_LEASE_STATE_BOUND) {
		x->event = VMNET_LEASE_EVENT_DELETED;
		vmnet_dhcp_lease_info(lease, x->info, x->now);
	}
	if (x->lease == lease)
		x->lease = NULL;
	vmnet_dhcp_lease_free(x->dhcp, lease);
}

/* What is reserved for the client is its only address. */
static void vmnet_dhcp_turn_to_reserved(struct vmnet_dhcp_exchange *x)
{
	struct vmnet_reservation *r = x->reservation;

	if (x->lease && x->lease != r->lease)
		vmnet_dhcp_supersede(x, x->lease);
	if (r->lease && r->lease != x->lease)
		vmnet_dhcp_supersede(x, r->lease);
}

/* The address is the client's while it is asked who has it. */
static enum vmnet_dhcp_outcome
vmnet_dhcp_begin_probe(struct vmnet_dhcp_exchange *x, u32 address)
{
	if (!vmnet_dhcp_probe_has_room(x->dhcp))
		return vmnet_dhcp_ignore(x, VMNET_DHCP_DECISION_PROBES_FULL);
	if (!vmnet_dhcp_have_lease(x, address))
		return vmnet_dhcp_no_memory(x);
	x->lease->probing = true;
	x->lease->expires = x->now + VMNET_DHCP_OFFER_TIME;
	vmnet_dhcp_lease_set(x->dhcp, x->lease, VMNET_LEASE_STATE_OFFERED,
			     x->lease->expires);
	return vmnet_dhcp_decided(x, VMNET_DHCP_DECISION_PROBING, address,
				  VMNET_DHCP_PROBE);
}

static enum vmnet_dhcp_outcome vmnet_dhcp_offer(struct vmnet_dhcp_exchange *x)
{
	struct vmnet_dhcp_lease *lease = x->lease;

	if (lease->state != VMNET_LEASE_STATE_BOUND) {
		lease->expires = x->now + VMNET_DHCP_OFFER_TIME;
		vmnet_dhcp_lease_set(x->dhcp, lease, VMNET_LEASE_STATE_OFFERED,
				     lease->expires);
	}
	x->dhcp->counts[VMNET_DHCP_OFFERS]++;
	x->reply.yiaddr = htonl(lease->address);
	vmnet_dhcp_put_times(x, vmnet_dhcp_seconds(x));
	return vmnet_dhcp_decided(x, x->reservation ?
				  VMNET_DHCP_DECISION_OFFERED_RESERVED :
				  VMNET_DHCP_DECISION_OFFERED, lease->address,
				  vmnet_dhcp_answer_with(x, VMNET_DHCP_OFFER));
}

/* RFC 2131 section 4.3.1. A client that has a lease keeps it: it may have lost
 * its memory, and somebody else may be asking in its name.
 */
static enum vmnet_dhcp_outcome
vmnet_dhcp_discover(struct vmnet_dhcp_exchange *x)
{
	struct vmnet_dhcp *dhcp = x->dhcp;
	u32 address = 0;

	vmnet_dhcp_forget_lost(x);
	if (vmnet_dhcp_port_is_full(x))
		return vmnet_dhcp_full(x);
	if (x->reservation) {
		vmnet_dhcp_turn_to_reserved(x);
		address = x->reservation->address;
	} else if (!x->lease || !vmnet_dhcp_state_is_active(x->lease->state)) {
		if (dhcp->offered >= vmnet_dhcp_offers_max(dhcp))
			return vmnet_dhcp_exhausted(x,
						    VMNET_DHCP_DECISION_OFFERS_FULL);
		if (!x->lease && !vmnet_dhcp_choose(x, &address))
			return vmnet_dhcp_exhausted(x,
						    VMNET_DHCP_DECISION_EXHAUSTED);
	}
	/* What it had before needs no probe: nobody else got it since. Of what
	 * is reserved the administrator has said whose it is.
	 */
	if (!x->lease && !x->reservation && vmnet_dhcp_must_probe(x, address))
		return vmnet_dhcp_begin_probe(x, address);
	if (x->lease && x->lease->probing) {
		if (x->lease->address != x->probed)
			return vmnet_dhcp_decided(x,
						  VMNET_DHCP_DECISION_PROBING,
						  x->lease->address,
						  VMNET_DHCP_DONE);
		x->lease->probing = false;
		x->lease->probed = true;
	}
	if (!vmnet_dhcp_have_lease(x, address))
		return vmnet_dhcp_no_memory(x);

	if (x->config->options.rapid_commit && x->msg->has_rapid_commit)
		return vmnet_dhcp_rapid_commit(x);
	return vmnet_dhcp_offer(x);
}

/* Why an address that is not the client's cannot become its own; false if it
 * can.
 */
static bool vmnet_dhcp_is_withheld(struct vmnet_dhcp_exchange *x, u32 address)
{
	const struct vmnet_dhcp *dhcp = x->dhcp;
	const struct vmnet_dhcp_lease *holder =
		vmnet_dhcp_lease_at(dhcp, address);

	if (vmnet_reservation_at(dhcp, address))
		x->decision = VMNET_DHCP_DECISION_RESERVED;
	else if (!vmnet_dhcp_pool_has(&dhcp->pool, address) ||
		 vmnet_dhcp_pool_held(&dhcp->pool, address))
		x->decision = VMNET_DHCP_DECISION_NOT_IN_RANGE;
	else if (holder && vmnet_dhcp_state_is_active(holder->state))
		x->decision = holder->conflict ? VMNET_DHCP_DECISION_IN_USE :
						 VMNET_DHCP_DECISION_TAKEN;
	else if (vmnet_dhcp_is_seen(dhcp, address, x->client.mac, x->now))
		x->decision = VMNET_DHCP_DECISION_IN_USE;
	else
		return false;
	return true;
}

/* Whether the client may have the address that it says to have: it is what we
 * know of it, or we know of nobody who has it. If not, why.
 */
static bool vmnet_dhcp_is_grantable(struct vmnet_dhcp_exchange *x, u32 address)
{
	x->decided = address;
	if (x->reservation ? x->reservation->address == address :
	    x->lease && x->lease->address == address)
		return true;
	if (!vmnet_dhcp_in_subnet(x->config, htonl(address))) {
		x->decision = VMNET_DHCP_DECISION_NOT_IN_SUBNET;
	} else if (x->reservation) {
		x->decision = VMNET_DHCP_DECISION_HAS_RESERVED;
		x->decided = x->reservation->address;
	} else if (x->lease) {
		x->decision = VMNET_DHCP_DECISION_HAS_ANOTHER;
		x->decided = x->lease->address;
	} else {
		return !vmnet_dhcp_is_withheld(x, address);
	}
	return false;
}

static enum vmnet_dhcp_outcome
vmnet_dhcp_grant(struct vmnet_dhcp_exchange *x, u32 address)
{
	/* Deleted by the administrator: refused once, then like any other. */
	if (x->lease && x->lease->state == VMNET_DHCP_REVOKED) {
		vmnet_dhcp_lease_free(x->dhcp, x->lease);
		x->lease = NULL;
		return vmnet_dhcp_nak(x, VMNET_DHCP_DECISION_REVOKED, address);
	}
	vmnet_dhcp_probe_yield(x, address, !vmnet_dhcp_port_is_full(x));
	if (!vmnet_dhcp_is_grantable(x, address))
		return vmnet_dhcp_nak(x, x->decision, x->decided);
	if (vmnet_dhcp_port_is_full(x))
		return vmnet_dhcp_full(x);
	if (x->reservation)
		vmnet_dhcp_turn_to_reserved(x);
	if (!vmnet_dhcp_have_lease(x, address))
		return vmnet_dhcp_no_memory(x);

	vmnet_dhcp_bind(x);
	x->dhcp->counts[VMNET_DHCP_ACKS]++;
	x->reply.ciaddr = x->msg->ciaddr;
	x->reply.yiaddr = htonl(address);
	return vmnet_dhcp_answer_with(x, VMNET_DHCP_ACK);
}

/* The client has chosen another server. */
static enum vmnet_dhcp_outcome
vmnet_dhcp_not_chosen(struct vmnet_dhcp_exchange *x)
{
	if (x->lease && x->lease->state == VMNET_LEASE_STATE_OFFERED) {
		vmnet_dhcp_lease_rest(x->dhcp, x->lease,
				      VMNET_LEASE_STATE_EXPIRED);
		x->lease = NULL;
	}
	return vmnet_dhcp_ignore(x, VMNET_DHCP_DECISION_OTHER_SERVER);
}

static bool vmnet_dhcp_names_us(const struct vmnet_dhcp_exchange *x)
{
	return !x->msg->has_server ||
	       x->msg->server == x->server ||
	       x->msg->server == htonl(x->door->server);
}

/* RFC 2131 section 4.3.2: the states of a client differ in where they put the
 * address (table 4): option 50 while it has none, ciaddr when it has.
 */
static enum vmnet_dhcp_outcome
vmnet_dhcp_request(struct vmnet_dhcp_exchange *x)
{
	const struct vmnet_dhcp_message *msg = x->msg;
	__be32 wanted = msg->ciaddr;

	if (!vmnet_dhcp_names_us(x))
		return vmnet_dhcp_not_chosen(x);
	if (msg->has_requested && (msg->has_server || !wanted))
		wanted = msg->requested;
	if (!wanted)
		return vmnet_dhcp_ignore(x, VMNET_DHCP_DECISION_NO_ADDRESS);
	return vmnet_dhcp_grant(x, ntohl(wanted));
}

/* RFC 2131 section 4.3.3. From the holder only; the address is nobody's for a
 * while, but still the port's, or one port could decline them all.
 */
static enum vmnet_dhcp_outcome
vmnet_dhcp_decline(struct vmnet_dhcp_exchange *x)
{
	if (!x->lease || !x->msg->has_requested || !vmnet_dhcp_names_us(x) ||
	    x->lease->port != x->client.port ||
	    x->lease->address != ntohl(x->msg->requested) ||
	    !vmnet_dhcp_state_is_active(x->lease->state))
		return vmnet_dhcp_ignore(x, VMNET_DHCP_DECISION_NOT_HOLDER);

	x->dhcp->counts[VMNET_DHCP_DECLINES]++;
	x->lease->expires = x->now + VMNET_DHCP_DECLINE_TIME;
	vmnet_dhcp_lease_set(x->dhcp, x->lease, VMNET_LEASE_STATE_DECLINED,
			     x->lease->expires);
	vmnet_dhcp_event(x, VMNET_LEASE_EVENT_DECLINED);
	return vmnet_dhcp_decided(x, VMNET_DHCP_DECISION_DECLINED,
				  x->lease->address, VMNET_DHCP_DONE);
}

/* RFC 2131 section 4.3.4. Kept, so that the client gets the same again. */
static enum vmnet_dhcp_outcome
vmnet_dhcp_release(struct vmnet_dhcp_exchange *x)
{
	if (!x->lease || !vmnet_dhcp_names_us(x) ||
	    x->lease->port != x->client.port ||
	    x->lease->address != ntohl(x->msg->ciaddr) ||
	    x->lease->state != VMNET_LEASE_STATE_BOUND)
		return vmnet_dhcp_ignore(x, VMNET_DHCP_DECISION_NOT_HOLDER);

	x->dhcp->counts[VMNET_DHCP_RELEASES]++;
	x->lease->expires = x->now;
	vmnet_dhcp_event(x, VMNET_LEASE_EVENT_RELEASED);
	x->info->state = VMNET_LEASE_STATE_RELEASED;
	vmnet_dhcp_decided(x, VMNET_DHCP_DECISION_RELEASED, x->lease->address,
			   VMNET_DHCP_DONE);
	vmnet_dhcp_lease_rest(x->dhcp, x->lease, VMNET_LEASE_STATE_RELEASED);
	return VMNET_DHCP_DONE;
}

/* RFC 2131 section 4.3.5. Some clients leave ciaddr empty. */
static enum vmnet_dhcp_outcome
vmnet_dhcp_inform(struct vmnet_dhcp_exchange *x)
{
	__be32 address = x->msg->ciaddr ?: x->src;

	if (!vmnet_dhcp_in_subnet(x->config, address))
		return vmnet_dhcp_ignore(x, VMNET_DHCP_DECISION_OUTSIDE);
	x->dhcp->counts[VMNET_DHCP_ACKS]++;
	x->reply.ciaddr = x->msg->ciaddr;
	return vmnet_dhcp_decided(x, VMNET_DHCP_DECISION_INFORMED,
				  ntohl(address),
				  vmnet_dhcp_answer_with(x, VMNET_DHCP_ACK));
}

/* RFC 1534 section 2: who cannot give an address back gets the one that is his
 * anyhow. Nothing has to be remembered.
 */
static enum vmnet_dhcp_outcome vmnet_dhcp_bootp(struct vmnet_dhcp_exchange *x)
{
	if (!x->reservation)
		return vmnet_dhcp_ignore(x,
					 VMNET_DHCP_DECISION_BOOTP_WITHOUT);
	x->dhcp->counts[VMNET_DHCP_ACKS]++;
	x->reply.ciaddr = x->msg->ciaddr;
	x->reply.yiaddr = htonl(x->reservation->address);
	return vmnet_dhcp_decided(x, VMNET_DHCP_DECISION_BOOTP_RESERVED,
				  x->reservation->address,
				  vmnet_dhcp_answer_with(x, VMNET_DHCP_BOOTP));
}

/* Holders of a lease are served whatever else their port sends, once a second;
 * everybody else needs a share of what the port may ask.
 */
static bool vmnet_dhcp_is_entitled(const struct vmnet_dhcp_exchange *x)
{
	if (!x->lease || x->lease->state != VMNET_LEASE_STATE_BOUND)
		return false;
	if (x->msg->type == VMNET_DHCP_RELEASE)
		return true;
	return x->msg->type == VMNET_DHCP_REQUEST &&
	       x->lease->renewed != (u32)x->now;
}

static enum vmnet_dhcp_outcome vmnet_dhcp_decide(struct vmnet_dhcp_exchange *x)
{
	u64 *counts = x->dhcp->counts;

	switch (x->msg->type) {
	case VMNET_DHCP_DISCOVER:
		if (!x->probed)
			counts[VMNET_DHCP_DISCOVERS]++;
		return vmnet_dhcp_discover(x);
	case VMNET_DHCP_REQUEST:
		counts[VMNET_DHCP_REQUESTS]++;
		return vmnet_dhcp_request(x);
	case VMNET_DHCP_DECLINE:
		return vmnet_dhcp_decline(x);
	case VMNET_DHCP_RELEASE:
		return vmnet_dhcp_release(x);
	case VMNET_DHCP_INFORM:
		counts[VMNET_DHCP_INFORMS]++;
		return vmnet_dhcp_inform(x);
	case VMNET_DHCP_BOOTP:
		return vmnet_dhcp_bootp(x);
	default:
		/* What servers say; what is not part of RFC 2131. */
		return vmnet_dhcp_ignore(x, VMNET_DHCP_DECISION_NOT_SERVED);
	}
}

static void vmnet_dhcp_client_fill(struct vmnet_dhcp_exchange *x)
{
	const struct vmnet_dhcp_message *msg = x->msg;
	struct vmnet_dhcp_client *client = &x->client;

	client->port = x->port->id;
	client->from = x->port;
	client->mac = msg->chaddr;
	client->id = msg->id;
	client->id_len = msg->id_len;
	client->hostname = msg->hostname;
	client->hostname_len = msg->hostname_len;
	client->by_id = x->config->key == VMNET_LEASE_KEY_CLIENT_ID &&
			msg->id_len;
	vmnet_dhcp_client_hash(client);
}

/* The one that has what is reserved for another client gives way, if it is the
 * same machine under another name, or was behind a port that is not here any
 * more: two ports never hold one address.
 */
static bool vmnet_dhcp_gives_way(const struct vmnet_dhcp_exchange *x,
				 const struct vmnet_dhcp_lease *holder)
{
	const struct vmnet_network *nw = x->dhcp->nw;
	const struct vmnet_port *port;

	if (!vmnet_dhcp_state_is_active(holder->state))
		return true;
	if (holder->state == VMNET_LEASE_STATE_DECLINED)
		return false;
	if (holder->port == x->client.port)
		return ether_addr_equal_unaligned(holder->mac, x->client.mac);
	if (!holder->port)
		return false;
	port = xa_load(&vmnet_ns(dev_net(nw->dev))->ports, holder->port);
	return !port || rcu_access_pointer(port->network) != nw;
}

static void vmnet_dhcp_find_reserved(struct vmnet_dhcp_exchange *x)
{
	struct vmnet_reservation *r;

	x->reservation = NULL;
	r = vmnet_reservation_find(x->dhcp, &x->client);
	if (!r || (r->lease && r->lease != x->lease &&
		   !vmnet_dhcp_gives_way(x, r->lease)))
		return;
	x->reservation = r;
	x->reply.hostname_len = r->hostname_len;
	memcpy(x->reply.hostname, r->hostname, r->hostname_len);
}

enum vmnet_dhcp_outcome vmnet_dhcp_exchange(struct vmnet_dhcp_exchange *x)
{
	enum vmnet_dhcp_outcome outcome = VMNET_DHCP_IGNORE;
	struct vmnet_dhcp *dhcp = x->dhcp;

	x->when = ktime_to_ns(ktime_get_coarse_boottime());
	x->now = div_u64(x->when, NSEC_PER_SEC);
	x->event = VMNET_DHCP_NO_EVENT;
	x->decided = 0;
	/* Of the host name its length says how much there is. */
	memset(&x->reply, 0, offsetof(struct vmnet_dhcp_reply, hostname));
	/* RFC 3011 section 3: said again if it was what counted. */
	if (x->msg->has_subnet && x->link == x->msg->subnet)
		x->reply.subnet = x->msg->subnet;
	vmnet_dhcp_client_fill(x);

	spin_lock_bh(&dhcp->lock);
	/* The settings may have been replaced since, and the pool with them,
	 * or taken away; the client asks again.
	 */
	if (x->config != rcu_access_pointer(dhcp->config) ||
	    dhcp->retired)
		goto unlock;
	x->lease = vmnet_dhcp_lease_find(dhcp, &x->client);
	vmnet_dhcp_find_reserved(x);
	if (!x->probed && !vmnet_dhcp_is_entitled(x) &&
	    !vmnet_dhcp_take(&x->port->dhcp.bucket,
			     READ_ONCE(x->port->dhcp.rate)))
		outcome = vmnet_dhcp_decided(x, VMNET_DHCP_DECISION_TOO_OFTEN,
					     0, VMNET_DHCP_LIMIT);
	/* By a relay, or for a link, of a subnet that is not ours. */
	else if (x->link && !vmnet_dhcp_in_subnet(x->config, x->link))
		outcome = vmnet_dhcp_ignore(x,
					    VMNET_DHCP_DECISION_UNKNOWN_RELAY);
	else
		outcome = vmnet_dhcp_decide(x);
	if (outcome == VMNET_DHCP_IGNORE)
		dhcp->counts[VMNET_DHCP_IGNORED]++;
	vmnet_dhcp_log_add(x, outcome == VMNET_DHCP_ANSWER);
unlock:
	vmnet_dhcp_unlock(dhcp);
	return outcome;
}
