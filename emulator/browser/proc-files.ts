/** A module in /proc/modules (Linux kernel/module/procfs.c, m_show()). */
export interface ProcModule {
  readonly name: string;
  readonly size: number;
  readonly usedBy: readonly string[];
  /** Letters, kernel/panic.c, taint_flags[]; empty for none. */
  readonly taint: string;
}

export interface ProcModulesAndMisc {
  readonly modules: readonly ProcModule[];
  /** Names of misc devices. */
  readonly devices: readonly string[];
}

/**
 * `hello 16384 0 - Live 0xc7824000 (O)`: name, size, uses, users, state, address, taints. One that
 * is "Unloading" has run its exit function and is as good as gone.
 */
const MODULE = /^(\S+) (\d+) (?:\d+|-) (\S+) (?:Live|Loading) 0x[0-9a-f]+(?: \(([A-Z]*)[+-]?\))?/;
/** `127 hello`: minor number and name (drivers/char/misc.c, misc_seq_show()). */
const MISC = /^ *\d+ (\S+)$/;

/** Reads what `cat /proc/modules /proc/misc` prints. */
export function parseModulesAndMisc(text: string): ProcModulesAndMisc {
  const modules: ProcModule[] = [];
  const devices: string[] = [];
  for (const line of text.split("\n")) {
    const device = MISC.exec(line)?.[1];
    if (device !== undefined) devices.push(device);
    const [, name, size, users, taint = ""] = MODULE.exec(line) ?? [];
    if (name === undefined || users === undefined) continue;
    modules.push({
      name,
      size: Number(size),
      // `-` for none; else each one with a comma behind it, and [permanent] after them.
      usedBy: users.split(",").filter((user) => !["", "-", "[permanent]"].includes(user)),
      taint,
    });
  }
  return { modules, devices };
}

/** Reads what `ls -di /sys/module/NAME…` prints: an inode's number for each module. */
export function parseModuleInodes(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap((line): [string, string][] => {
      const [, inode, name] = /^ *(\d+) \/sys\/module\/(\S+)$/.exec(line) ?? [];
      return inode === undefined || name === undefined ? [] : [[name, inode]];
    }),
  );
}
