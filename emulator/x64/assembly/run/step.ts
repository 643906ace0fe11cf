import { Decoded, Decoder, decode } from "../decode/decoder";
import { deliverException } from "../exceptions/deliver";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { finish } from "./run";

/** Executes one instruction that is decoded for this once. @returns whether the run goes on */
export function step(cpu: Processor): bool {
  const decoder = changetype<Decoder>(cpu.decoder);
  const op = changetype<Operation>(cpu.decoder + offsetof<Decoder>());
  if (decoder.bytes.start(cpu, cpu.rip) == ~0) return deliverException(cpu);
  decoder.mode = cpu.blockMode;
  if (decode(decoder, op, 0) == Decoded.Missing) return deliverException(cpu);
  cpu.isCareful = true;
  const after = call_indirect<i32>(op.handler, cpu, op);
  cpu.isCareful = false;
  if (after == After.Next || after == After.Jump) {
    if (after == After.Next) cpu.rip += op.next;
    cpu.budget--;
    return true;
  }
  return finish(cpu, op, after);
}
