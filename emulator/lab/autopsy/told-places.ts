import type { Autopsy, AutopsyPlace, BlockedTask, LockHolder } from "./autopsy.js";
import { actor, taskName } from "./wording.js";

/** A place in the source that an autopsy points at, and what it is in the story. */
export interface ToldPlace {
  readonly role: "acquired" | "waiting" | "looping" | "halted" | "panicked";
  /** What happened there and who did it; code stands between backquotes. */
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
  const told = (
    role: ToldPlace["role"],
    title: string,
    place: AutopsyPlace | undefined,
  ): ToldPlace[] => (place === undefined ? [] : [{ role, title, place }]);
  switch (finding.kind) {
    case "spinning-on-lock":
      return [
        ...acquiredPlace(holder),
        ...told("waiting", `Waited for by ${who}`, finding.waiting ?? waitingOf(holder)),
      ];
    case "looping":
      return told("looping", `Gone round by ${who}${linesOf(finding.lines)}`, finding.loop);
    case "halted-with-interrupts-off":
      return told("halted", `Halted by ${who}`, finding.halted);
    case "panicked":
      return told("panicked", `Where the kernel panicked, under ${who}`, finding.panicked);
    case "blocked":
    case "running":
      return [];
  }
}

/** Where what a sleeping task waits for was taken, and where it waits. */
export function blockedPlaces({ task, waiting, waitingFor }: BlockedTask): readonly ToldPlace[] {
  const title = `Waited for by ${taskName(task)}`;
  return [
    ...(waitingFor.kind === "lock" ? acquiredPlace(waitingFor.holder) : []),
    ...(waiting === undefined ? [] : [{ role: "waiting", title, place: waiting } as const]),
  ];
}

function acquiredPlace(holder: LockHolder | undefined): ToldPlace[] {
  if (holder?.kind !== "known" || holder.acquired === undefined) return [];
  const title = `Acquired by ${actor(holder.context, holder.task)}`;
  return [{ role: "acquired", title, place: holder.acquired }];
}

function waitingOf(holder: LockHolder | undefined): AutopsyPlace | undefined {
  return holder?.kind === "known" ? holder.waiting : undefined;
}

function linesOf(lines: readonly number[]): string {
  if (lines.length === 0) return "";
  return `, through ${lines.length === 1 ? "line" : "lines"} ${lines.join(", ")}`;
}

/** A lock that is waited for, and of which it is not known yet who has it. */
export function isHolderPending({ finding, holder }: Autopsy): boolean {
  return finding.kind === "spinning-on-lock" && holder === undefined;
}
