import type { Stage } from "../stage.js";
import { bios } from "./bios.js";
import { course } from "./course.js";
import { gdb } from "./gdb.js";
import { kbuild } from "./kbuild.js";
import { kcc } from "./kcc.js";
import { kernel } from "./kernel.js";
import { kernelIndex } from "./kernel-index.js";
import { kernelBtf, kernelFrames } from "./kernel-sections.js";
import { kernelSource } from "./kernel-source.js";
import { library } from "./library.js";
import { licenses } from "./licenses.js";
import { modpost } from "./modpost.js";
import { modules } from "./modules.js";
import { packs } from "./packs.js";
import { samples } from "./samples.js";
import { snapshot } from "./snapshot.js";
import { sysroot } from "./sysroot.js";
import { tree } from "./tree.js";
import { userland } from "./userland.js";
import { x64Programs } from "./x64-programs.js";

/** All parts of the build. */
export const stages: readonly Stage[] = [
  tree,
  kernel,
  kernelIndex,
  kernelBtf,
  kernelFrames,
  sysroot,
  library,
  userland,
  course,
  modules,
  samples,
  modpost,
  kbuild,
  gdb,
  kernelSource,
  packs,
  bios,
  snapshot,
  x64Programs,
  licenses,
  kcc,
];
