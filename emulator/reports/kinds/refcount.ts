import type { Family } from "./family.js";
import { inCulprit, oopsMissing } from "./family.js";

export const refcount: Family = {
  kind: "refcount",
  firstLines: [
    {
      starts: ["refcount_t: "],
      pattern: /^refcount_t: \S/,
      from: "lib/refcount.c, refcount_warn_saturate()",
      role: "telling",
    },
    {
      // Until 4.19 on x86: the check is in the exception handler.
      starts: ["refcount_t "],
      pattern:
        /^refcount_t \w{1,16}(?: zero)? at (?<function>\S{1,256}(?: \[[\w-]{1,64}\])?) in (?<comm>.{1,64})\[(?<pid>\d{1,10})\]/,
      from: "kernel/panic.c, refcount_error_report() until 5.4",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("WARNING: refcount bug", facts),
  missing: oopsMissing,
};

/** A network device that somebody still holds, so that its last reference never goes. */
export const netdeviceReference: Family = {
  kind: "refcount",
  firstLines: [
    {
      starts: ["unregister_netdevice: waiting for "],
      pattern: /^unregister_netdevice: waiting for \S{1,64} to become free/,
      from: "net/core/dev.c, netdev_wait_allrefs_any()",
      role: "telling",
    },
  ],
  title: () => "unregister_netdevice: waiting for DEV to become free",
  isOver: () => true,
};
