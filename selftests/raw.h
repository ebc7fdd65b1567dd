/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_SELFTESTS_RAW_H
#define VMNET_SELFTESTS_RAW_H

#include <linux/if_ether.h>
#include <stddef.h>
#include <stdint.h>

#define TCP_HEADERS	(ETH_HLEN + 20 + 20)

double now(void);

/* A packet socket at WHERE, NETNS:IFNAME; ends the program if there is none.
 * One that receives is bound; one for protocol 0 receives nothing before.
 */
int raw_open(const char *where, int protocol, int *ifindex, uint8_t *mac);

/* Goes into the namespace of WHERE; NULL: back to the one that it came from. */
void raw_enter(const char *where);

/* Everything that comes in, whole, with its offloads and its tag beside it. */
int raw_receive(int fd, int ifindex);

void put16(uint8_t *at, unsigned int value);
unsigned int get16(const uint8_t *at);

/* Headers of a TCP segment between documentation addresses, its checksum open;
 * LEN is from the IP header on.
 */
void put_tcp(uint8_t *ip, unsigned int len);

_Noreturn void die(const char *what, const char *word);

#endif /* VMNET_SELFTESTS_RAW_H */
