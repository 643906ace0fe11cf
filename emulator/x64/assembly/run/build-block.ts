import { Block } from "../blocks/block";
import {
  BlockCache,
  enterBlock,
  findBlock,
  JumpCache,
  MOST_IN_BLOCK,
  reserveBlock,
} from "../blocks/block-cache";
import { isBreakpointOffset } from "../debugger/host-breakpoints";
import { Decoded, Decoder, decode } from "../decode/decoder";
import { After } from "../state/after";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";

/** @returns the block at RIP; 0: a fault is pending, or what is there cannot be kept */
export function blockAtRip(cpu: Processor): usize {
  const cache = changetype<BlockCache>(cpu.blocks);
  const decoder = changetype<Decoder>(cpu.decoder);
  const physical = decoder.bytes.start(cpu, cpu.rip);
  if (physical == ~0 || isBreakpointOffset(cpu, physical)) return 0;
  let block = findBlock(cache, physical, cpu.blockMode);
  if (block == 0) block = build(cpu, cache, decoder, physical);
  // It may have been built when the segment had more bytes.
  else if (changetype<Block>(block).bytes > decoder.bytes.room) return 0;
  if (block != 0) {
    const entry = JumpCache.entry(cache.jumps, cpu.rip);
    store<u64>(entry, cpu.rip);
    store<u32>(entry, <u32>block, JumpCache.BLOCK);
    store<u32>(entry, cpu.linkGeneration, JumpCache.GENERATION);
  }
  return block;
}

function build(cpu: Processor, cache: BlockCache, decoder: Decoder, physical: u32): usize {
  const block = reserveBlock(cpu, cache);
  const bytes = decoder.bytes;
  decoder.mode = cpu.blockMode;
  block.physical = physical;
  block.mode = cpu.blockMode;
  let op = block.first;
  let offset: u32 = 0;
  let count: u32 = 0;
  let isOver = false;
  while (!isOver && count < MOST_IN_BLOCK && bytes.cursor != bytes.end) {
    if (count != 0 && isBreakpointOffset(cpu, physical + offset)) break;
    const decoded = decode(decoder, op, offset);
    // What reaches into the next page depends on that page's mapping, too.
    if (decoded == Decoded.Missing || bytes.isSplit) {
      if (count == 0) return 0;
      break;
    }
    count++;
    offset = op.next;
    op = op.following;
    isOver = decoded == Decoded.Last;
  }
  endBlock(op, offset);
  block.count = <u16>count;
  block.bytes = <u16>offset;
  enterBlock(cpu, cache, block);
  return changetype<usize>(block);
}

/** The operation behind a block's last instruction: where the next block begins. */
function endBlock(op: Operation, offset: u32): void {
  memory.fill(changetype<usize>(op), 0, offsetof<Operation>());
  op.next = <u16>offset;
  op.handler = <u16>fallThrough.index;
}

function fallThrough(cpu: Processor, op: Operation): i32 {
  cpu.rip += op.next;
  return After.Jump;
}
