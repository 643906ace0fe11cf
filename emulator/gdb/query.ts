import { type CommandContext, type CommandFamily, OK, type Reply, UNKNOWN } from "./command.js";
import { GdbError } from "./gdb-error.js";
import { LARGEST_PACKET } from "./packet.js";
import { targetDescription } from "./target-description.js";
import { threadListXml } from "./threads.js";

/** What the two ends can do, and objects of the target: GDB manual, appendix E.4. */
export const queryCommands: CommandFamily = {
  qSupported: negotiate,
  qXfer: transfer,
  QStartNoAckMode: stopAcknowledging,
  /** We did not start what is debugged, so gdb offers to detach at its end, not to kill. */
  qAttached: () => "1",
  /** No symbol of the debugger's is needed here. */
  qSymbol: () => OK,
  /** gdb makes sure that what is not known is answered so, whatever it is. */
  vMustReplyEmpty: () => UNKNOWN,
  "?": ({ stopReply }) => stopReply(),
};

const OUR_FEATURES = [
  `PacketSize=${LARGEST_PACKET.toString(16)}`,
  "QStartNoAckMode+",
  "qXfer:features:read+",
  "qXfer:threads:read+",
  "swbreak+",
  "hwbreak+",
  "vContSupported+",
].join(";");

function negotiate({ agreement }: CommandContext, argument: string): string {
  const theirs = new Set(argument.replace(/^:/, "").split(";"));
  agreement.takesSoftwareBreakpointReason = theirs.has("swbreak+");
  agreement.takesHardwareBreakpointReason = theirs.has("hwbreak+");
  agreement.takesErrorText = theirs.has("error-message+");
  return OUR_FEATURES;
}

/** The answer itself is still acknowledged; GDB manual, appendix E.11. */
function stopAcknowledging({ agreement }: CommandContext): string {
  agreement.acknowledges = false;
  return OK;
}

/** `:OBJECT:read:ANNEX:OFFSET,LENGTH`, which is answered piece by piece. */
function transfer({ target }: CommandContext, argument: string): Reply {
  const [, object, annex, offsetDigits, lengthDigits] =
    /^:([^:]*):read:([^:]*):([0-9a-f]{1,8}),([0-9a-f]{1,8})$/i.exec(argument) ?? [];
  if (offsetDigits === undefined || lengthDigits === undefined) return UNKNOWN;
  const document = (): string | undefined => {
    if (object === "features") {
      return annex === "target.xml" ? targetDescription(target.arch) : undefined;
    }
    return annex === "" ? threadListXml(target.cpus) : undefined;
  };
  if (object !== "features" && object !== "threads") return UNKNOWN;
  const text = document();
  if (text === undefined) throw new GdbError("bad-request", `There is no ${object} ${annex}.`);
  const offset = Number.parseInt(offsetDigits, 16);
  const length = Math.min(Number.parseInt(lengthDigits, 16), LARGEST_PACKET / 2);
  const part = text.slice(offset, offset + length);
  const isLast = offset + part.length >= text.length;
  return `${isLast ? "l" : "m"}${part}`;
}
