/** The engine's own memory is given out once, machine by machine, and never taken back. */
let next: usize = 0;

export function allocate(size: usize, alignment: usize = 64): usize {
  if (next == 0) next = __heap_base;
  const begin = (next + alignment - 1) & ~(alignment - 1);
  next = begin + size;
  const pages = <i32>((next + 0xffff) >> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
  return begin;
}
