import { MODULE, saysLoaded } from "./guest-now.js";
import type { CheckContext, GuideCheck, SectionPaths, Seen, Wanted, Watch } from "./step.js";
import type { TerminalFact } from "./transcript.js";
import { filesNamed } from "./typed-line.js";

type Output = Extract<TerminalFact, { kind: "output" }>;

type Kind = Seen["kind"];

/** A check that needs no memory. */
function whenever(sees: readonly Kind[], is: Watch): GuideCheck {
  return { sees, begin: () => is };
}

/** A check that remembers what it saw. */
function remembering(sees: readonly Kind[], begin: () => Watch): GuideCheck {
  return { sees, begin };
}

/** One of them is enough. */
export function either(...checks: readonly GuideCheck[]): GuideCheck {
  return {
    sees: [...new Set(checks.flatMap(({ sees }) => sees))],
    begin() {
      const watches = checks.map((check) => check.begin());
      // Each of them has to see everything.
      return (seen, context) => watches.filter((watch) => watch(seen, context)).length > 0;
    },
  };
}

/** It counts only what comes after another step was done. */
export function after(stepId: string, check: GuideCheck): GuideCheck {
  return remembering(check.sees, () => {
    const watch = check.begin();
    return (seen, context) => context.isDone(stepId) && watch(seen, context);
  });
}

/** The shell waits in this folder, or below it. */
export function shellIsIn(folder: string): GuideCheck {
  return whenever(
    ["prompt"],
    (seen) =>
      seen.kind === "prompt" && seen.of === "shell" && `${seen.folder}/`.startsWith(`${folder}/`),
  );
}

/** Another step of the section is done, which says that this one was not needed. */
export function isImpliedBy(stepId: string): GuideCheck {
  return whenever(["prompt", "guest", "kernel-message"], (_, { isDone }) => isDone(stepId));
}

/** One of these files is open in the page, or a command that names it has printed such a line. */
export function isRead(files: readonly string[], line: RegExp): GuideCheck {
  return either(
    whenever(["shown"], (seen) => seen.kind === "shown" && files.includes(seen.path)),
    whenever(["output"], (seen) => isOutput(seen, line) && namesOneOf(seen, files)),
  );
}

/** The module that was loaded from this file is in the kernel. */
export function moduleIsLoaded(file: string): GuideCheck {
  return whenever(
    ["guest", "kernel-message"],
    (seen, { guest }) =>
      (seen.kind === "guest" || seen.kind === "kernel-message") && guest.hello?.file === file,
  );
}

/** The same after another step was done: not the module that was loaded before. */
export function moduleIsLoadedAfter(stepId: string, file: string): GuideCheck {
  return remembering(["guest", "kernel-message", "restored"], () => {
    let isNew = false;
    return (seen, { guest, isDone }) => {
      if (!isDone(stepId)) return false;
      isNew ||=
        guest.hello === undefined || (seen.kind === "kernel-message" && saysLoaded(seen.text));
      return isNew && guest.hello?.file === file;
    };
  });
}

/** The module that was loaded from this file has run its exit function. */
export function moduleIsUnloaded(file: string): GuideCheck {
  // A guest that goes back to a checkpoint loses its module, too, but without that.
  return remembering(["kernel-message", "guest", "restored"], () => {
    // Its message does not come to a console whose level is too low (`dmesg -n`).
    let wasSeen = false;
    return (seen, { guest }) => {
      if (seen.kind === "kernel-message") {
        return seen.text === `${MODULE}: unloaded` && guest.lastFile === file;
      }
      const isGone = seen.kind === "guest" && wasSeen && guest.hello === undefined;
      wasSeen = seen.kind === "guest" && guest.hello?.file === file;
      return isGone;
    };
  });
}

/** A program has listed the device of the module that was loaded from this file. */
export function deviceIsListed(file: string): GuideCheck {
  return whenever(["output"], (seen, { guest }) => {
    if (seen.kind !== "output" || guest.lastFile !== file) return false;
    const { line, command } = seen;
    if (/^c[rwxst-]{9}\S* .*\bhello$/.test(line)) return true;
    return (
      command !== undefined &&
      filesNamed(command.line, command.folder).some((path) => /^\/dev(\/hello)?$/.test(path)) &&
      /(^|[\s/])hello(\s|$)/.test(line) &&
      !/no such file/i.test(line)
    );
  });
}

/** The kernel's log has been printed by a program, with such a line in it. */
export function logIsPrinted(
  line: RegExp,
  isOfSection: (context: CheckContext) => boolean,
): GuideCheck {
  return whenever(
    ["output"],
    (seen, context) =>
      isOutput(seen, line) &&
      /\b(dmesg|kmsg)\b/.test(seen.command?.line ?? "") &&
      isOfSection(context),
  );
}

/** A program that opened the module's device has printed this. */
export function deviceUserPrints(file: string, line: string): GuideCheck {
  return remembering(["kernel-message", "output"], () => {
    // The two come on different serial lines, in any order.
    const users = new Set<string>();
    const commands: string[] = [];
    return (seen, { guest }) => {
      if (guest.lastFile !== file) return false;
      if (seen.kind === "kernel-message") {
        const [, user] = /^hello: opened by (\S+) \(pid \d+\)$/.exec(seen.text) ?? [];
        if (user !== undefined) users.add(user);
      } else if (seen.kind === "output" && seen.line === line && seen.command !== undefined) {
        commands.push(seen.command.line);
      } else return false;
      return commands.some((command) => [...users].some((user) => command.includes(user)));
    };
  });
}

/**
 * The source has been changed as the course asks for, or back from that.
 * @param afterStep what has to be done before it is taken back
 */
export function sourceIs({ edit, state }: Wanted, source: string, afterStep?: string): GuideCheck {
  return remembering(["source", "restored"], () => {
    let wasOther = false;
    return (_, { files, isDone }) => {
      const kind = files.stateOf(source, edit)?.kind;
      wasOther ||= kind !== undefined && kind !== state;
      if (kind !== state || (afterStep !== undefined && !isDone(afterStep))) return false;
      // A source that nobody has touched was not taken back.
      return state === "made" || wasOther;
    };
  });
}

/** The section's module has been built of its source. */
export function moduleIsBuilt({ module }: SectionPaths): GuideCheck {
  return whenever(["built"], (seen) => seen.kind === "built" && seen.path === module);
}

/** The section's module has been built of a source that is so. */
export function moduleIsBuiltOf(
  { edit, state }: Wanted,
  { source, module }: SectionPaths,
): GuideCheck {
  return whenever(
    ["built"],
    (seen, { files }) =>
      seen.kind === "built" && seen.path === module && files.stateOf(source, edit)?.kind === state,
  );
}

/** The machine stands still, with the module in it. */
export function machineFreezesWith(file: string): GuideCheck {
  return whenever(
    ["machine"],
    (seen, { guest }) =>
      seen.kind === "machine" && seen.state === "frozen" && guest.lastFile === file,
  );
}

/** What was found in the machine that froze with this module is on the screen. */
export function freezeIsExplained(file: string): GuideCheck {
  return whenever(
    ["autopsy-shown"],
    (seen, { guest }) => seen.kind === "autopsy-shown" && guest.isDown && guest.lastFile === file,
  );
}

/** The guest went back to a checkpoint, after another step was done, and runs. */
export function isRescuedAfter(stepId: string): GuideCheck {
  return remembering(["restored", "machine"], () => {
    let wentBack = false;
    return (seen, { guest, isDone }) => {
      if (seen.kind === "restored" && isDone(stepId)) wentBack = true;
      return wentBack && !guest.isDown;
    };
  });
}

/** The kernel has reported a bad copy from or to user space, by this function of the module. */
export function usercopyIsReported(file: string, culprit: string): GuideCheck {
  return whenever(
    ["report"],
    (seen, { guest }) =>
      seen.kind === "report" &&
      seen.report.report.kind === "usercopy" &&
      seen.report.culprit?.frame.symbol === culprit &&
      guest.lastFile === file,
  );
}

/** gdb has read this file. */
export function gdbReads(file: string): GuideCheck {
  return whenever(
    ["output"],
    (seen) => isOutput(seen, /^Reading symbols from .*\.\.\.$/) && namesOneOf(seen, [file]),
  );
}

/** gdb has printed such a line. */
export function gdbPrints(line: RegExp): GuideCheck {
  return whenever(
    ["output"],
    (seen) =>
      isOutput(seen, line) &&
      (seen.command?.to === "gdb" || /\bgdb\b/.test(seen.command?.line ?? "")),
  );
}

/** gdb waited for commands, and then the shell did. */
export function gdbIsLeft(): GuideCheck {
  return remembering(["prompt", "restored"], () => {
    let wasInGdb = false;
    return (seen) => {
      if (seen.kind === "restored") wasInGdb = false;
      if (seen.kind !== "prompt") return false;
      const isLeft = wasInGdb && seen.of === "shell";
      wasInGdb = seen.of === "gdb";
      return isLeft;
    };
  });
}

function isOutput(seen: Seen, line: RegExp): seen is Output {
  return seen.kind === "output" && line.test(seen.line);
}

function namesOneOf({ command }: Output, files: readonly string[]): boolean {
  return (
    command !== undefined &&
    filesNamed(command.line, command.folder).some((path) => files.includes(path))
  );
}
