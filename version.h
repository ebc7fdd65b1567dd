/* SPDX-License-Identifier: GPL-2.0-only */
/* The one place that says which version this is: module, tool and packages. */
#ifndef VMNET_VERSION_H
#define VMNET_VERSION_H

#define VMNET_VERSION "0.1.0"

#endif /* VMNET_VERSION_H */
