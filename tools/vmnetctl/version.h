/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMNETCTL_VERSION_H
#define VMNETCTL_VERSION_H

/* One version for module and tool. */
#if __has_include("../../version.h")
#include "../../version.h"
#endif
#ifndef VMNET_VERSION
#define VMNET_VERSION	"0.1"
#endif

#endif
