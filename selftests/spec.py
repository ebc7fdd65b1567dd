#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tables of the netlink specification, for the tests that walk all of it.

spec.py SPEC header    C: every command, every attribute of every nest
spec.py SPEC commands  a line for each command: NAME do|dump|do,dump FLAG|-
"""
import sys

import yaml


def upper(name):
    return name.upper().replace('-', '_')


def number(spec, value):
    for definition in spec['definitions']:
        if definition['name'] == value:
            return definition['value']
    return value


def entries(spec, name):
    for definition in spec['definitions']:
        if definition['name'] == name:
            return len(definition['entries'])
    return 0


def attribute(spec, prefix, attr):
    checks = attr.get('checks', {})
    length = number(spec, checks.get('exact-len', checks.get('max-len', 0)))
    most = entries(spec, attr['enum']) if 'enum' in attr else checks.get('max', 0)
    nested = attr.get('nested-attributes')
    return '\t{ "%s", %s, SPEC_%s, %d, %d, %s },' % (
        attr['name'], prefix + upper(attr['name']), upper(attr['type']),
        length, number(spec, most),
        '&spec_' + nested.replace('-', '_') if nested else 'NULL')


def commands(spec):
    for op in spec['operations']['list']:
        kinds = [kind for kind in ('do', 'dump') if kind in op]
        yield op, kinds, (op.get('flags') or ['-'])[0]


def header(spec):
    print('/* Made by spec.py. */\n#include <linux/vmnet.h>\n')
    print('#include "spec_types.h"\n')
    sets = spec['attribute-sets']
    for s in sets:
        print('static const struct spec_set spec_%s;' % s['name'].replace('-', '_'))
    for s in sets:
        name = s['name'].replace('-', '_')
        prefix = upper(s.get('name-prefix', 'vmnet-a-%s-' % s['name']))
        print('\nstatic const struct spec_attr spec_%s_attrs[] = {' % name)
        for attr in s['attributes']:
            print(attribute(spec, prefix, attr))
        print('};\n\nstatic const struct spec_set spec_%s = {' % name)
        print('\t"%s", spec_%s_attrs,' % (s['name'], name))
        print('\tsizeof(spec_%s_attrs) / sizeof(spec_%s_attrs[0]),\n};' % (name, name))
    print('\nstatic const struct spec_command spec_commands[] = {')
    for op, kinds, flag in commands(spec):
        request = []
        for kind in kinds:
            request += (op[kind].get('request') or {}).get('attributes') or []
        about = 'VMNET_A_' + upper(request[0]) if request else '0'
        print('\t{ "%s", VMNET_CMD_%s, %s, %s, SPEC_%s, %s },' % (
            op['name'], upper(op['name']), 'true' if 'do' in kinds else 'false',
            'true' if 'dump' in kinds else 'false',
            {'-': 'ANYBODY', 'uns-admin-perm': 'OWNER', 'admin-perm': 'HOST'}[flag],
            about))
    print('};')


def main():
    with open(sys.argv[1]) as file:
        spec = yaml.safe_load(file)
    if sys.argv[2] == 'header':
        header(spec)
    else:
        for op, kinds, flag in commands(spec):
            if kinds:
                print(op['name'], ','.join(kinds), flag)


main()
