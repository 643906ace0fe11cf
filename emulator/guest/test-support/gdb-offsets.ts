/**
 * What gdb says of structures of the committed images' kernel, by its DWARF: for each line
 * `STRUCTURE MEMBER OFFSET BYTES`. With the kernel that `npm run images -- kernel` leaves at
 * `kernel-src/built/linux/vmlinux`, gdb prints the numbers anew:
 *
 *     printf "%d %d\\n", (int)&((struct STRUCTURE *)0)->MEMBER, sizeof(((struct STRUCTURE *)0)->MEMBER)
 */
export const GDB_OFFSETS = `
task_struct pid 628 4
task_struct tgid 632 4
task_struct comm 924 16
task_struct __state 16 4
task_struct exit_state 556 4
task_struct flags 28 4
task_struct stack 20 4
task_struct mm 548 4
task_struct tasks 508 8
task_struct tasks.next 508 4
task_struct thread_node 724 8
task_struct signal 980 4
task_struct on_cpu 36 4
task_struct thread.sp 1436 4
task_struct thread_info.cpu 12 4
task_struct thread_info.flags 0 4
signal_struct thread_head 16 8
module state 0 4
module list 4 8
module name 12 60
module core_layout 224 48
module core_layout.base 224 4
module core_layout.text_size 232 4
module init_layout.size 276 4
module sect_attrs 360 4
module kallsyms 340 4
mod_kallsyms typetab 12 4
module_sect_attr address 32 4
module_sect_attr battr.attr.name 0 4
printk_ringbuffer desc_ring.infos 8 4
printk_ringbuffer text_data_ring.data 28 4
prb_desc text_blk_lpos.next 8 4
printk_info dev_info.device 40 48
printk_info caller_id 20 4
qspinlock locked 0 1
qspinlock pending 1 1
qspinlock tail 2 2
qspinlock val.counter 0 4
spinlock rlock.raw_lock.val.counter 0 4
spinlock rlock.raw_lock.tail 2 2
mutex owner.counter 0 4
mutex wait_list.prev 16 4
rw_semaphore count.counter 0 4
rw_semaphore owner.counter 4 4
rw_semaphore wait_list 16 8
qrwlock cnts.counter 0 4
qrwlock wlocked 0 1
completion wait.task_list 8 8
swait_queue task_list 4 8
mutex_waiter task 8 4
rq nr_switches 44 8
rq idle 1252 4
rq curr 1248 4
inactive_task_frame bp 16 4
inactive_task_frame ret_addr 20 4
pt_regs orig_ax 44 4
pt_regs ss 64 2
cpu_entry_area entry_stack_page 8192 4096
cpu_entry_area doublefault_stack 16384 4096
mm_struct pgd 28 4
mm_struct context 400 56
file f_path.dentry 12 4
page flags 0 4
page mapping 12 4
page lru 4 8
page private 20 4
page _refcount 28 4
sk_buff next 0 4
sk_buff len 80 4
dentry d_iname 36 36
inode i_mode 0 2
inode i_rdev 36 4
new_utsname release 130 65
uts_namespace name.machine 260 65
thread_struct fpu 128 4224
elf32_sym st_shndx 14 2
tty_struct link 360 4
`;
