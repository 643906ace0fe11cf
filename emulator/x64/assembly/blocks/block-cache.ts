import { watchWrites } from "../memory/tlb";
import { PageUse } from "../state/machine";
import { Operation } from "../state/operation";
import { Processor } from "../state/processor";
import { Block } from "./block";

/** One processor's blocks, by the address of their bytes in the guest's memory. */
@unmanaged
export class BlockCache {
  /** Heads of the lists of blocks, by their hash, */
  buckets: usize;
  /** and by their page. */
  pages: usize;
  pageCount: u32;
  /** The blocks themselves, one behind the other. */
  begin: usize;
  end: usize;
  next: usize;
  /** By the linear address, for what jumps go to: see {@link JumpCache}. */
  jumps: usize;
  /** For whoever looks where the time goes. */
  decodedBlocks: u64;
  decodedInstructions: u64;
  invalidations: u64;
  flushes: u64;
}

export const BUCKETS: usize = 1 << 14;
export const BLOCK_BYTES: usize = 24 << 20;
/** More than that a run's budget can hardly tell apart, and faults would count back far. */
export const MOST_IN_BLOCK: u32 = 64;

/** Linear addresses that were jumped to, with their blocks; direct-mapped. */
export class JumpCache {
  static readonly ENTRIES: usize = 1 << 12;
  static readonly ENTRY_BYTES: usize = 16;
  static readonly BLOCK: usize = 8;
  static readonly GENERATION: usize = 12;

  @inline static entry(table: usize, rip: u64): usize {
    return table + (((<usize>rip ^ (<usize>rip >> 12)) & 4095) << 4);
  }
}

function bucketOf(cache: BlockCache, physical: u32): usize {
  return cache.buckets + (((<usize>physical ^ (<usize>physical >> 14)) & (BUCKETS - 1)) << 2);
}

/** @returns the block that begins there and was decoded in this mode, or 0 */
export function findBlock(cache: BlockCache, physical: u32, mode: u32): usize {
  let block = load<u32>(bucketOf(cache, physical));
  while (block != 0) {
    const candidate = changetype<Block>(<usize>block);
    if (candidate.physical == physical && candidate.mode == mode) return block;
    block = <u32>candidate.nextInBucket;
  }
  return 0;
}

/** Where the next block can be built: it has room for all that a block can have. */
export function reserveBlock(cpu: Processor, cache: BlockCache): Block {
  const most = offsetof<Block>() + (MOST_IN_BLOCK + 1) * offsetof<Operation>();
  if (cache.next + most > cache.end) flushBlocks(cpu, cache);
  return changetype<Block>(cache.next);
}

/** Enters the block that was built where {@link reserveBlock} said. */
export function enterBlock(cpu: Processor, cache: BlockCache, block: Block): void {
  const page = block.physical >> 12;
  const bucket = bucketOf(cache, block.physical);
  const inPage = cache.pages + ((<usize>page) << 2);
  block.nextInBucket = load<u32>(bucket);
  block.nextInPage = load<u32>(inPage);
  block.isValid = 1;
  store<u32>(bucket, <u32>changetype<usize>(block));
  store<u32>(inPage, <u32>changetype<usize>(block));
  // The operation that ends it lies behind the others.
  cache.next =
    changetype<usize>(block) + offsetof<Block>() + (<usize>block.count + 1) * offsetof<Operation>();
  cache.decodedBlocks++;
  cache.decodedInstructions += block.count;
  const use = cpu.machine.pageUse + page;
  if ((load<u8>(use) & PageUse.Code) == 0) {
    store<u8>(use, load<u8>(use) | PageUse.Code);
    let other: Processor | null = cpu.machine.firstProcessor;
    while (other !== null) {
      watchWrites(other, page);
      other = other.nextProcessor;
    }
  }
}

/** Drops the blocks of a page. */
export function dropPage(cpu: Processor, cache: BlockCache, page: u32): void {
  const head = cache.pages + ((<usize>page) << 2);
  let block = <usize>load<u32>(head);
  if (block == 0) return;
  while (block != 0) {
    const dropped = changetype<Block>(block);
    unlink(cache, dropped);
    dropped.isValid = 0;
    block = dropped.nextInPage;
  }
  store<u32>(head, 0);
  cache.invalidations++;
  cpu.linkGeneration++;
}

/** Drops all blocks. */
export function flushBlocks(cpu: Processor, cache: BlockCache): void {
  memory.fill(cache.buckets, 0, BUCKETS << 2);
  memory.fill(cache.pages, 0, (<usize>cache.pageCount) << 2);
  cache.next = cache.begin;
  cache.flushes++;
  cpu.linkGeneration++;
}

function unlink(cache: BlockCache, block: Block): void {
  let link = bucketOf(cache, block.physical);
  while (load<u32>(link) != 0) {
    if (load<u32>(link) == <u32>changetype<usize>(block)) {
      store<u32>(link, <u32>block.nextInBucket);
      return;
    }
    link = load<u32>(link) + offsetof<Block>("nextInBucket");
  }
}
