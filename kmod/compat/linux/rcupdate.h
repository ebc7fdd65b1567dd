/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNET_COMPAT_LINUX_RCUPDATE_H
#define VMNET_COMPAT_LINUX_RCUPDATE_H

#include_next <linux/rcupdate.h>

/* The name of a grace period's number has changed: Kbuild looks it up. */
#ifndef VMNET_HAVE_RCU_GP_SEQ
#define rcu_gp_seq	rcu_gp_oldstate
#endif

#endif /* VMNET_COMPAT_LINUX_RCUPDATE_H */
