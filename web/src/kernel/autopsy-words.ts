import { CONTEXT_WORDS } from "../../../emulator/lab/autopsy/wording.js";
import type { Autopsy } from "../../../emulator/lab/index.js";

/** What a card about an autopsy is called; short, and without marks for code. */
export function autopsyTitle({ finding, blocked }: Pick<Autopsy, "finding" | "blocked">): string {
  switch (finding.kind) {
    case "spinning-on-lock":
      return `Frozen: waiting for ${finding.lock?.name ?? "a lock"}`;
    case "looping":
      return `Frozen: going round in ${finding.loop === undefined ? "the kernel" : `${finding.loop.function}()`}`;
    case "halted-with-interrupts-off":
      return "Frozen: halted with interrupts off";
    case "panicked":
      return "The kernel panicked";
    case "blocked":
      if (finding.cycle.length > 1)
        return `Deadlock: ${finding.cycle.length} tasks wait for each other`;
      return blocked.length === 1
        ? "Blocked: a task sleeps for good"
        : `Blocked: ${blocked.length} tasks sleep for good`;
    case "running":
      return "Nothing is stuck";
  }
}

/** The one thing to say of it: who has the lock, where that is known. */
export function autopsyGist({ sentence, holder }: Pick<Autopsy, "sentence" | "holder">): string {
  return holder?.kind === "known" ? holder.sentence : sentence;
}

/** Who the processor worked for and how: a few words each. */
export function autopsyCircumstances({
  task,
  context,
  interruptsEnabled,
  finding,
}: Pick<Autopsy, "task" | "context" | "interruptsEnabled" | "finding">): string[] {
  if (finding.kind === "blocked") return ["the processor is free"];
  return [
    ...(task === undefined ? [] : [`${task.command} (pid ${task.pid})`]),
    ...(task?.systemCall === undefined ? [] : [`in ${task.systemCall}()`]),
    ...(context === "task" ? [] : [`in ${CONTEXT_WORDS[context]}`]),
    `interrupts ${interruptsEnabled ? "on" : "off"}`,
  ];
}
