import type { Autopsy, AutopsyPlace, BlockedTask, LockHolder } from "./autopsy.js";
import { actor, taskName } from "./wording.js";

/** A place in the source that an autopsy points at, and what it is in the story. */
export interface ToldPlace {
  readonly role: "acquired" | "waiting" | "looping" | "halted" | "panicked";
  /** What happened there, who did it and in which function; code stands between backquotes. */
  readonly title: string;
  readonly place: AutopsyPlace;
}

/**
 * The places by which a finding is understood, in the order in which they came about: of a lock
 * first where it was taken, then where it is waited for.
 */
export function toldPlaces(autopsy: Autopsy): readonly ToldPlace[] {
  const { finding, holder, task, context } = autopsy;
  const who = actor(context, task);
  switch (finding.kind) {
    case "spinning-on-lock":
      return [
        ...acquiredPlace(holder),
        ...told("waiting", `Waited for by ${who}`, finding.waiting ?? waitingOf(holder)),
      ];
    case "looping":
      return told("looping", `The loop of ${who}`, finding.loop, linesOf(finding.lines));
    case "halted-with-interrupts-off":
      return told("halted", `Halted by ${who}`, finding.halted);
    case "panicked":
      return told("panicked", `Panicked under ${who}`, finding.panicked);
    case "blocked":
    case "running":
      return [];
  }
}

/** Where what a sleeping task waits for was taken, and where it waits. */
export function blockedPlaces({ task, waiting, waitingFor }: BlockedTask): readonly ToldPlace[] {
  return [
    ...(waitingFor.kind === "lock" ? acquiredPlace(waitingFor.holder) : []),
    ...told("waiting", `Waited for by ${taskName(task)}`, waiting),
  ];
}

function told(
  role: ToldPlace["role"],
  what: string,
  place: AutopsyPlace | undefined,
  more = "",
): ToldPlace[] {
  if (place === undefined) return [];
  return [{ role, title: `${what} in \`${place.function}()\`${more}`, place }];
}

function acquiredPlace(holder: LockHolder | undefined): ToldPlace[] {
  if (holder?.kind !== "known") return [];
  return told("acquired", `Acquired by ${actor(holder.context, holder.task)}`, holder.acquired);
}

function waitingOf(holder: LockHolder | undefined): AutopsyPlace | undefined {
  return holder?.kind === "known" ? holder.waiting : undefined;
}

function linesOf(lines: readonly number[]): string {
  if (lines.length === 0) return "";
  return `, seen at ${lines.length === 1 ? "line" : "lines"} ${lines.join(", ")}`;
}

/** Who has the lock, in a sentence, or why that is not known. */
export function holderText(holder: LockHolder): string {
  return holder.kind === "known" ? holder.sentence : holder.reason;
}

/** What an autopsy was concluded from, and who has the lock. */
export function evidenceOf({ evidence, holder }: Autopsy): readonly string[] {
  return [...evidence, ...(holder?.kind === "known" ? holder.evidence : [])];
}

/** A lock that is waited for, and of which it is not known yet who has it. */
export function isHolderPending({ finding, holder }: Autopsy): boolean {
  return finding.kind === "spinning-on-lock" && holder === undefined;
}
