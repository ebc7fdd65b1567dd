// SPDX-License-Identifier: GPL-2.0-only
/* XDP programs by hand: a few instructions each, so that no test needs a compiler
 * for them, nor a library.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bpf.h"
#include "raw.h"

#define INSNS_MAX	64

struct program {
	struct bpf_insn insn[INSNS_MAX];
	unsigned int n;
};

static void add(struct program *p, uint8_t code, uint8_t dst, uint8_t src,
		int16_t off, int32_t imm)
{
	if (p->n == INSNS_MAX)
		die("the program is too long", NULL);
	p->insn[p->n++] = (struct bpf_insn){
		.code = code, .dst_reg = dst, .src_reg = src,
		.off = off, .imm = imm,
	};
}

static void set(struct program *p, uint8_t dst, int32_t imm)
{
	add(p, BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm);
}

static void copy(struct program *p, uint8_t dst, uint8_t src)
{
	add(p, BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0);
}

static void load(struct program *p, uint8_t size, uint8_t dst, uint8_t src,
		 int16_t off)
{
	add(p, BPF_LDX | BPF_MEM | size, dst, src, off, 0);
}

static void store(struct program *p, uint8_t size, uint8_t dst, uint8_t src,
		  int16_t off)
{
	add(p, BPF_STX | BPF_MEM | size, dst, src, off, 0);
}

static void call(struct program *p, int32_t helper)
{
	add(p, BPF_JMP | BPF_CALL, 0, 0, 0, helper);
}

static void leave(struct program *p)
{
	add(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static void verdict(struct program *p, int32_t action)
{
	set(p, BPF_REG_0, action);
	leave(p);
}

/* r2: the frame, of which there is a header at least; else it is dropped. */
static void look(struct program *p)
{
	load(p, BPF_W, BPF_REG_2, BPF_REG_1, offsetof(struct xdp_md, data));
	load(p, BPF_W, BPF_REG_3, BPF_REG_1, offsetof(struct xdp_md, data_end));
	copy(p, BPF_REG_4, BPF_REG_2);
	add(p, BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_4, 0, 0, ETH_HLEN);
	add(p, BPF_JMP | BPF_JLE | BPF_X, BPF_REG_4, BPF_REG_3, 2, 0);
	verdict(p, XDP_DROP);
}

/* Back to its sender. */
static void back(struct program *p)
{
	look(p);
	load(p, BPF_W, BPF_REG_5, BPF_REG_2, 0);
	load(p, BPF_H, BPF_REG_6, BPF_REG_2, 4);
	load(p, BPF_W, BPF_REG_7, BPF_REG_2, 6);
	load(p, BPF_H, BPF_REG_8, BPF_REG_2, 10);
	store(p, BPF_W, BPF_REG_2, BPF_REG_7, 0);
	store(p, BPF_H, BPF_REG_2, BPF_REG_8, 4);
	store(p, BPF_W, BPF_REG_2, BPF_REG_5, 6);
	store(p, BPF_H, BPF_REG_2, BPF_REG_6, 10);
	verdict(p, XDP_TX);
}

/* With more of it behind: the helper may refuse. */
static void longer(struct program *p, int32_t by)
{
	set(p, BPF_REG_2, by);
	call(p, BPF_FUNC_xdp_adjust_tail);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 2, 0);
	verdict(p, XDP_ABORTED);
	verdict(p, XDP_PASS);
}

static void redirect(struct program *p, const char *dev)
{
	unsigned int ifindex = if_nametoindex(dev);

	if (!ifindex)
		die("there is no netdev", dev);
	set(p, BPF_REG_1, ifindex);
	set(p, BPF_REG_2, 0);
	call(p, BPF_FUNC_redirect);
	leave(p);
}

static void build(struct program *p, const char *const *words)
{
	static const char *const actions[] = {
		[XDP_ABORTED] = "abort", [XDP_DROP] = "drop",
		[XDP_PASS] = "pass", [XDP_TX] = "tx",
	};
	unsigned int i;

	if (!words[0])
		die("no program", NULL);
	for (i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
		if (!strcmp(words[0], actions[i])) {
			verdict(p, i);
			return;
		}
	}
	if (!strcmp(words[0], "nonsense"))
		verdict(p, 77);
	else if (!strcmp(words[0], "back"))
		back(p);
	else if (!strcmp(words[0], "longer") && words[1])
		longer(p, atoi(words[1]));
	else if (!strcmp(words[0], "redirect") && words[1])
		redirect(p, words[1]);
	else
		die("no such program", words[0]);
}

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

int bpf_load(const char *const *words, bool frags)
{
	static char said[65536];
	struct program p = { };
	union bpf_attr attr;
	int fd;

	build(&p, words);
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_XDP;
	attr.expected_attach_type = BPF_XDP;
	attr.insns = (uintptr_t)p.insn;
	attr.insn_cnt = p.n;
	attr.license = (uintptr_t)"GPL";
	attr.log_buf = (uintptr_t)said;
	attr.log_size = sizeof(said);
	attr.log_level = 1;
	if (frags)
		attr.prog_flags = BPF_F_XDP_HAS_FRAGS;
	snprintf(attr.prog_name, sizeof(attr.prog_name), "%s", words[0]);
	fd = bpf(BPF_PROG_LOAD, &attr);
	if (fd < 0)
		die("the program is not loaded", said);
	return fd;
}

int bpf_pin(int prog, const char *path)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.pathname = (uintptr_t)path;
	attr.bpf_fd = prog;
	return bpf(BPF_OBJ_PIN, &attr);
}

int bpf_run(int prog, const void *frame, size_t len, unsigned int count,
	    unsigned int batch)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.test.prog_fd = prog;
	attr.test.data_in = (uintptr_t)frame;
	attr.test.data_size_in = len;
	attr.test.repeat = count;
	attr.test.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
	attr.test.batch_size = batch;
	return bpf(BPF_PROG_TEST_RUN, &attr);
}
