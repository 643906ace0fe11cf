import { formatPlace } from "../../guest/index.js";
import type {
  Autopsy,
  AutopsyPlace,
  AutopsyTask,
  BlockedTask,
  Finding,
  LockHolder,
  WaitingFor,
} from "./autopsy.js";
import {
  autopsyTask,
  type Capture,
  type CapturedSleeper,
  type CapturedWait,
  FLAGS_INTERRUPT,
} from "./capture.js";
import type { FrameDecoder } from "./frame-decoder.js";
import { contextOf, innermost, type NamedAddress, startOfWork } from "./named-stack.js";
import {
  blockedTaskSentence,
  findingSentence,
  holderSentence,
  milliseconds,
  unknownHolder,
} from "./wording.js";

/** Puts what was read into the terms of the source, and into words. */
export async function describeCapture(captured: Capture, decoder: FrameDecoder): Promise<Autopsy> {
  const { guestMs, task, stack, missing } = captured;
  const focus = focusOf(captured);
  const frames = stack.frames.slice(startOfWork(stack.frames, focus));
  const context = contextOf(stack.frames, focus);
  const interruptsEnabled = interruptsEnabledAt(captured, focus);
  const blocked = await Promise.all(
    captured.sleepers.map((sleeper) => describeSleeper(sleeper, decoder)),
  );
  const finding = await findingOf({ ...captured, interruptsEnabled }, blocked, decoder);
  return {
    finding,
    guestMs,
    interruptsEnabled,
    context,
    task,
    frames: await decoder.frames(frames),
    blocked,
    holder: undefined,
    sentence: findingSentence(finding, { context, task, interruptsEnabled, blocked }),
    evidence: [...evidenceOf({ ...captured, interruptsEnabled }), ...missing],
  };
}

/** Who has the lock that the processor spins for; undefined when it spins for none. */
export async function describeHolder(
  { spinning, stack, task }: Capture,
  decoder: FrameDecoder,
): Promise<LockHolder | undefined> {
  if (spinning === undefined) return undefined;
  return holderOf(spinning.wait, decoder, {
    task,
    context: contextOf(stack.frames, spinning.index),
  });
}

/** The index of the frame that an autopsy is about: handlers in front of it only interrupted it. */
function focusOf({ spinning, loop, doom }: Capture): number {
  if (doom?.outcome === "panic") return 0;
  return spinning?.index ?? loop?.index ?? 0;
}

/** Of the work that it is about: a handler on top of it runs with interrupts off. */
function interruptsEnabledAt({ stack, interruptsEnabled }: Capture, focus: number): boolean {
  const start = stack.frames[startOfWork(stack.frames, focus)];
  const by = start?.frame.interruptedBy;
  return by === undefined ? interruptsEnabled : (by.registers.flags & FLAGS_INTERRUPT) !== 0n;
}

async function findingOf(
  captured: Capture,
  blocked: readonly BlockedTask[],
  decoder: FrameDecoder,
): Promise<Finding> {
  const { doom, spinning, loop, stack, isHalted, interruptsEnabled } = captured;
  const place = (at: NamedAddress | undefined): Promise<AutopsyPlace | undefined> =>
    at === undefined ? Promise.resolve(undefined) : decoder.place(at);
  if (doom?.outcome === "panic") {
    const panicked = await place(innermost(stack.frames, (name) => /panic/.test(name)));
    return { kind: "panicked", message: doom.message, panicked };
  }
  if (isHalted && !interruptsEnabled) {
    return { kind: "halted-with-interrupts-off", halted: await place(innermost(stack.frames)) };
  }
  if (spinning !== undefined) {
    const { lock, waiting } = spinning.wait;
    return { kind: "spinning-on-lock", lock, waiting: await place(waiting) };
  }
  if (loop !== undefined) {
    const found = await place(loop.frame.at);
    const lines = loop.seen.flatMap((at) =>
      decoder
        .locate(at)
        .flatMap(({ file, line }) => (file === found?.file && line > 0 ? line : [])),
    );
    return {
      kind: "looping",
      loop: found,
      lines: [...new Set(lines)].sort((a, b) => a - b),
      calls: loop.calls,
    };
  }
  if (blocked.length > 0) return { kind: "blocked", cycle: cycleOf(blocked) };
  return { kind: "running" };
}

async function describeSleeper(
  { task, stack, wait, sinceMs }: CapturedSleeper,
  decoder: FrameDecoder,
): Promise<BlockedTask> {
  const waitingFor = await waitingForOf(wait, task, decoder);
  const waiting = wait.waiting && (await decoder.place(wait.waiting));
  return {
    task,
    waitingFor,
    waiting,
    sinceMs,
    frames: await decoder.frames(stack.frames),
    sentence: blockedTaskSentence({ task, waiting, waitingFor }),
  };
}

async function waitingForOf(
  wait: CapturedWait,
  task: AutopsyTask,
  decoder: FrameDecoder,
): Promise<WaitingFor> {
  const { lock } = wait;
  if (lock === undefined) return { kind: "unknown" };
  if (lock.type === "wait_queue_head_t") return { kind: "wait-queue", lock };
  if (wait.holder === undefined) return { kind: "completion", lock };
  return { kind: "lock", lock, holder: await holderOf(wait, decoder, { task, context: "task" }) };
}

async function holderOf(
  { lock, waiting, holder }: CapturedWait,
  decoder: FrameDecoder,
  waiter: { task: AutopsyTask | undefined; context: Autopsy["context"] },
): Promise<LockHolder> {
  if (lock === undefined || holder === undefined) {
    const reason = unknownHolder("which lock it is could not be read from the waiting call");
    return { kind: "unknown", lock, reason };
  }
  const { evidence, acquired, stack, context, isInside, hasEnded, commandNow } = holder;
  if (evidence.kind === "unknown") {
    return { kind: "unknown", lock, reason: unknownHolder(evidence.reason) };
  }
  const task = autopsyTask(evidence.task, stack?.systemCall);
  const place = acquired && (await decoder.place(acquired));
  const waitingPlace = waiting && (await decoder.place(waiting));
  const isWaiter = task.pid === waiter.task?.pid;
  const guestMs = evidence.attempt?.guestMs;
  return {
    kind: "known",
    lock,
    task,
    context,
    isWaiter,
    acquired: place,
    frames: stack === undefined ? [] : await decoder.frames(stack.frames),
    guestMs,
    waiting: waitingPlace,
    sentence: holderSentence({
      lock,
      task,
      acquired: place,
      waiting: waitingPlace,
      waiter: waiter.task,
      waiterContext: waiter.context,
      isWaiter,
      isInside,
      hasEnded,
      commandNow,
    }),
    evidence: [
      ...evidence.evidence,
      ...(evidence.attempt === undefined
        ? []
        : [
            `\`${evidence.attempt.callee}()\` was called for it at ${milliseconds(evidence.attempt.guestMs)} ` +
              "of the guest's time, and nobody was seen to take it after that.",
          ]),
    ],
  };
}

/** Tasks of which each waits for what the next one has, and the last for the first. */
function cycleOf(blocked: readonly BlockedTask[]): readonly AutopsyTask[] {
  const waitsFor = new Map<number, AutopsyTask>();
  for (const { task, waitingFor } of blocked) {
    if (waitingFor.kind === "lock" && waitingFor.holder?.kind === "known") {
      waitsFor.set(task.pid, waitingFor.holder.task);
    }
  }
  for (const { task } of blocked) {
    const path = [task];
    for (let next = waitsFor.get(task.pid); next !== undefined; next = waitsFor.get(next.pid)) {
      if (next.pid === task.pid) return path;
      if (path.some(({ pid }) => pid === next?.pid)) break;
      path.push(next);
    }
  }
  return [];
}

function evidenceOf({ stack, interruptsEnabled, guestMs, spinning, loop }: Capture): string[] {
  const at = stack.frames[0]?.at;
  const where = at?.place ? formatPlace(at.place) : `0x${(at?.address ?? 0n).toString(16)}`;
  const lines = [
    `The processor stood at ${where}, with interrupts ${interruptsEnabled ? "on" : "off"}, at ${milliseconds(guestMs)} of the guest's time.`,
  ];
  if (!stack.isWhole) lines.push("Its stack could not be followed to its end.");
  if (spinning === undefined && loop !== undefined && loop.calls.length > 0) {
    lines.push(
      `On its way round it was seen to call ${loop.calls.map((name) => `\`${name}()\``).join(", ")}.`,
    );
  }
  return lines;
}
