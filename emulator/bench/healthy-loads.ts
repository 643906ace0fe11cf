import type { Lab } from "../lab/index.js";
import { type CommandResult, succeeded } from "../lab/index.js";

/** Something heavy but healthy that a guest does, which must never count as a freeze. */
export interface HealthyLoad {
  readonly name: string;
  run(lab: Lab): Promise<CommandResult>;
}

/** Module loads take this folder of `images/i686/modules.tar.gz`, unpacked by the caller. */
export const MODULES = "/home/student/modules";

export const HEALTHY_LOADS: readonly HealthyLoad[] = [
  {
    name: "one system call of seconds: dd of 32 MB of random bytes",
    run: (lab) => lab.sh("dd if=/dev/urandom of=/dev/null bs=32M count=1"),
  },
  {
    name: "a shell loop",
    run: (lab) => lab.sh("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"),
  },
  {
    name: "md5sum of a big file",
    run: (lab) =>
      lab.sh("dd if=/dev/zero of=/tmp/big bs=1M count=24 && md5sum /tmp/big && rm /tmp/big"),
  },
  {
    name: "forks as fast as it can",
    run: (lab) => lab.sh("i=0; while [ $i -lt 150 ]; do i=$((i+1)); /bin/true; done"),
  },
  {
    name: "4 s of mdelay in a module's init",
    run: (lab) => loadAndUnload(lab, "mdelay_init"),
  },
  {
    name: "20,000 printks in a module's init",
    run: (lab) => loadAndUnload(lab, "printk_flood"),
  },
  {
    name: "a flood of /dev/kmsg",
    // By default the kernel drops all but ten messages that a program logs within 5 s.
    run: (lab) =>
      lab.sh(
        "echo on > /proc/sys/kernel/printk_devkmsg; " +
          "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo line $i of a flood; done > /dev/kmsg",
      ),
  },
  {
    name: "sysrq-t, the state of every task",
    run: (lab) => lab.sh("echo t > /proc/sysrq-trigger"),
  },
];

async function loadAndUnload(lab: Lab, name: string): Promise<CommandResult> {
  const loaded = await lab.insmod(`${MODULES}/${name}.ko`);
  return succeeded(loaded) ? lab.rmmod(name) : loaded;
}
