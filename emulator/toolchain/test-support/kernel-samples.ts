/**
 * All of `samples/` of Linux 6.1, by what each folder needs: what is in `images/i686/samples.tar.gz`, and
 * why the rest is not.
 */

/** A folder with modules. */
export interface SampleModules {
  readonly folder: string;
  readonly modules: readonly string[];
  /** What samples/Kconfig lets them depend on, besides modules themselves. */
  readonly needs: readonly string[];
}

export const SAMPLE_MODULES: readonly SampleModules[] = [
  { folder: "configfs", modules: ["configfs_sample"], needs: ["CONFIG_CONFIGFS_FS"] },
  { folder: "connector", modules: ["cn_test"], needs: ["CONFIG_CONNECTOR"] },
  { folder: "coresight", modules: ["coresight-cfg-sample"], needs: ["CONFIG_CORESIGHT"] },
  { folder: "fprobe", modules: ["fprobe_example"], needs: ["CONFIG_FPROBE"] },
  {
    folder: "ftrace",
    modules: ["ftrace-direct", "ftrace-direct-too", "ftrace-direct-modify"],
    needs: ["CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS", "CONFIG_HAVE_SAMPLE_FTRACE_DIRECT"],
  },
  {
    folder: "ftrace",
    modules: ["ftrace-direct-multi", "ftrace-direct-multi-modify"],
    needs: ["CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS", "CONFIG_HAVE_SAMPLE_FTRACE_DIRECT_MULTI"],
  },
  { folder: "ftrace", modules: ["sample-trace-array"], needs: ["CONFIG_EVENT_TRACING"] },
  {
    folder: "hw_breakpoint",
    modules: ["data_breakpoint"],
    needs: ["CONFIG_HAVE_HW_BREAKPOINT"],
  },
  { folder: "kdb", modules: ["kdb_hello"], needs: ["CONFIG_KGDB_KDB"] },
  {
    folder: "kfifo",
    modules: ["bytestream-example", "dma-example", "inttype-example", "record-example"],
    needs: [],
  },
  { folder: "kmemleak", modules: ["kmemleak-test"], needs: ["CONFIG_DEBUG_KMEMLEAK"] },
  { folder: "kobject", modules: ["kobject-example", "kset-example"], needs: [] },
  { folder: "kprobes", modules: ["kprobe_example"], needs: ["CONFIG_KPROBES"] },
  {
    folder: "kprobes",
    modules: ["kretprobe_example"],
    needs: ["CONFIG_KPROBES", "CONFIG_KRETPROBES"],
  },
  {
    folder: "livepatch",
    modules: [
      ...["livepatch-sample", "livepatch-shadow-mod", "livepatch-shadow-fix1"],
      ...["livepatch-shadow-fix2", "livepatch-callbacks-demo", "livepatch-callbacks-mod"],
      "livepatch-callbacks-busymod",
    ],
    needs: ["CONFIG_LIVEPATCH"],
  },
  { folder: "qmi", modules: ["qmi_sample_client"], needs: ["CONFIG_ARCH_QCOM", "CONFIG_NET"] },
  { folder: "rpmsg", modules: ["rpmsg_client_sample"], needs: ["CONFIG_RPMSG"] },
  {
    folder: "trace_events",
    modules: ["trace-events-sample", "trace_custom_sched"],
    needs: ["CONFIG_EVENT_TRACING"],
  },
  { folder: "trace_printk", modules: ["trace-printk"], needs: ["CONFIG_EVENT_TRACING"] },
  // Its switch is in drivers/media/pci/Kconfig.
  { folder: "v4l", modules: ["v4l2-pci-skeleton"], needs: ["CONFIG_VIDEO_DEV", "CONFIG_PCI"] },
  { folder: "vfio-mdev", modules: ["mtty", "mdpy", "mbochs"], needs: ["CONFIG_VFIO_MDEV"] },
  { folder: "vfio-mdev", modules: ["mdpy-fb"], needs: ["CONFIG_FB"] },
];

/** Folders without a module in C. */
export const OTHER_SAMPLES: Readonly<Record<string, string>> = {
  acrn: "a program, and a guest for it",
  auxdisplay: "a program",
  binderfs: "a program",
  bpf: "programs, and code for the kernel's BPF",
  fanotify: "a program",
  hidraw: "a program",
  landlock: "a program",
  mei: "a program",
  nitro_enclaves: "a program",
  pidfd: "a program",
  pktgen: "scripts",
  rust: "modules in Rust",
  seccomp: "programs",
  timers: "a program",
  uhid: "a program",
  user_events: "a program",
  vfs: "programs",
  watch_queue: "a program",
  watchdog: "a program",
};
