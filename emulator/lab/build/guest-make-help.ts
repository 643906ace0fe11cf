/** What `make --help` says. */
export const MAKE_HELP = `usage: make [OPTION]... [NAME=VALUE]... [TARGET]...

This is a small command of the lab, and not GNU make. It hands the folder to a compiler
outside of this guest (clang 16, which is fetched when it is first used), and puts the
kernel modules that it makes into the folder. It reads from the Makefile, or Kbuild, what
the kernel's own build reads there: obj-m, NAME-objs, NAME-y, ccflags-y, CFLAGS_NAME.o.
Other rules of the Makefile are not carried out. The options for the compiler, and the
checks of what it makes, are those of the build that made this kernel.

Targets:
  all, modules   build all modules of obj-m that are older than their sources (the default)
  NAME.ko        build this one alone
  clean          remove what builds make: *.ko, *.o, *.mod, *.mod.c, .*.cmd, Module.symvers, …
  help           this text

Options and variables:
  -C FOLDER      go there first; the folder of this kernel's headers is accepted, too:
                 make -C /lib/modules/$(uname -r)/build M=$PWD modules
  M=FOLDER       the folder of the modules
  KDIR=FOLDER    accepted where it names the headers of this kernel; there are no others
  KCFLAGS=…      further options for the compiler
  NAME=VALUE     a variable that the Makefile may use, such as CONFIG_HELLO=m
  -B             build also what is newer than its sources
  -k             go on with other modules when one cannot be built
  -s             do not say what is done
  -j [N]         accepted: one module is built after the other

It builds below /home alone, which the host sees. Programs are built by gcc.
`;

export const MAKE_VERSION = `make: a small command of kspace, which builds kernel modules; see make --help
`;
