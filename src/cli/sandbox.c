/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* syscall() */
#include "sandbox.h"

#if defined __linux__ && defined __has_include
#if __has_include(<linux/landlock.h>) && (defined __x86_64__ || defined __aarch64__)
#define HAVE_SANDBOX
#endif
#endif

#ifdef HAVE_SANDBOX

#include <abnorm/file.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __x86_64__
#define OWN_ARCH AUDIT_ARCH_X86_64
#else
#define OWN_ARCH AUDIT_ARCH_AARCH64
#endif

/* All that the first version of Landlock knows but reading, which stays free. */
#define WRITES                                                                                     \
    (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                               \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | \
     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |   \
     LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

static abn_status refuse(cli *c, const char *what)
{
    return abn_fail(&c->err, ABN_UNAVAILABLE, "--sandbox: %s: %s", what, strerror(errno));
}

static bool allow(int rules, const char *path, uint64_t access)
{
    struct landlock_path_beneath_attr below = {.allowed_access = access};
    below.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (below.parent_fd < 0) return errno == ENOENT;
    bool done = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0) == 0;
    close(below.parent_fd);
    return done;
}

static bool has_option(const command *about, const char *name)
{
    for (const option *o = about->options; o && o->name; o++)
        if (strcmp(o->name, name) == 0) return true;
    return false;
}

/* The folder that the command writes to, or NULL. */
static const char *output_folder(const cli *c)
{
    const char *asked = has_option(c->command, "output") ? cli_text(c, "output") : NULL;
    if (asked) return asked;
    if (strcmp(c->command->name, "run") == 0) return "out";
    bool draws = strcmp(c->command->name, "plot") == 0 || strcmp(c->command->name, "report") == 0;
    return draws ? c->arg[0] : NULL;
}

static abn_status limit_files(cli *c)
{
    struct landlock_ruleset_attr handled = {.handled_access_fs =
                                                WRITES | LANDLOCK_ACCESS_FS_EXECUTE};
    const char *folder = output_folder(c);
    if (folder) {
        abn_status status = abn_folder_make(folder, &c->err);
        if (status != ABN_OK) return status;
    }
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (rules < 0) return refuse(c, "this kernel has no Landlock");
    bool done = allow(rules, "/usr", LANDLOCK_ACCESS_FS_EXECUTE) &&
                allow(rules, "/bin", LANDLOCK_ACCESS_FS_EXECUTE) &&
                allow(rules, "/lib", LANDLOCK_ACCESS_FS_EXECUTE) &&
                allow(rules, "/lib64", LANDLOCK_ACCESS_FS_EXECUTE) &&
                allow(rules, "/dev/null", LANDLOCK_ACCESS_FS_WRITE_FILE) &&
                (!folder || allow(rules, folder, WRITES)) &&
                syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    abn_status status = done ? ABN_OK : refuse(c, "Landlock");
    close(rules);
    return status;
}

#define DENY(call)                                     \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

static abn_status limit_calls(cli *c)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCH, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef __x86_64__
        /* The x32 numbers are other doors to the same calls. */
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
#endif
        DENY(SYS_socket),
        DENY(SYS_socketpair),
        DENY(SYS_ptrace),
        DENY(SYS_process_vm_readv),
        DENY(SYS_process_vm_writev),
#ifdef SYS_io_uring_setup
        DENY(SYS_io_uring_setup), /* opens sockets without socket() */
#endif
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        return refuse(c, "this kernel has no seccomp filters");
    return ABN_OK;
}

static bool is_address(const char *text)
{
    return strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
}

abn_status sandbox_enter(cli *c)
{
    if (strcmp(c->command->name, "fetch") == 0)
        return cli_usage(c, "sandbox", "fetch needs the network");
    for (size_t i = 0; i < c->n_args; i++)
        if (is_address(c->arg[i]))
            return cli_usage(c, "sandbox", "%s needs the network: fetch it first", c->arg[i]);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return refuse(c, "no_new_privs");
    abn_status status = limit_files(c);
    return status == ABN_OK ? limit_calls(c) : status;
}

#else

abn_status sandbox_enter(cli *c)
{
    return abn_fail(&c->err, ABN_UNAVAILABLE,
                    "--sandbox: this system has neither Landlock nor "
                    "seccomp");
}

#endif
