import { baseName } from "./draft/frame-line.js";

/**
 * Functions that are never to blame: they check, lock, copy, trap or print on behalf of
 * whoever called them. Names without the compiler's suffixes; `*` at the end stands for any
 * ending.
 */
const PRINTING = `
  dump_stack* show_stack* show_trace* show_regs* show_opcodes panic nmi_panic vpanic check_panic_on_warn
  __warn __warn_printk warn_slowpath* warn_bogus* report_bug* fixup_bug handle_bug die __die oops_end
  oops_begin oops_exit print_tainted __bug_trap bust_spinlocks dump_header vprintk* printk _printk
  console_unlock stack_trace_save* save_stack_trace* dump_backtrace`;

const TRAPS = `
  exc_* asm_exc_* __exc_* noist_exc_* do_error_trap do_trap do_trap_no_signal do_invalid_op invalid_op
  do_page_fault __do_page_fault do_async_page_fault async_page_fault page_fault trace_do_page_fault
  trace_page_fault page_fault_oops no_context pgtable_bad bad_area* __bad_area* kernelmode_fixup_or_oops
  do_kern_addr_fault do_user_addr_fault handle_page_fault spurious_kernel_fault search_exception_tables
  fixup_exception general_protection do_general_protection do_divide_error divide_error do_int3 int3
  do_double_fault double_fault df_debug do_stack_segment stack_segment do_overflow do_bounds
  do_trap_00 do_trap_* error_code error_entry error_exit xen_hypervisor_callback xen_do_hypervisor_callback xen_pv_evtchn_do_upcall handle_stack_overflow
  retint_* ret_from_intr ret_from_exception common_interrupt* asm_common_interrupt asm_sysvec_* sysvec_*
  __sysvec_* apic_timer_interrupt smp_apic_timer_interrupt* reschedule_interrupt smp_reschedule_interrupt
  call_function_interrupt call_function_single_interrupt irq_work_interrupt nmi end_repeat_nmi repeat_nmi
  asm_call_* call_softirq do_softirq_own_stack call_on_stack run_on_irqstack*
  handle_irq __handle_irq do_IRQ __do_IRQ __common_interrupt math_state_restore alignment_check
  machine_check do_machine_check`;

const ENTRY = `
  entry_* do_syscall_* __do_syscall_* do_int80_* __do_int80_* do_fast_syscall_32 __do_fast_syscall_32
  do_SYSENTER_32 sysenter_* system_call* syscall_call syscall_return* x64_sys_call ia32_sys_call
  x32_sys_call ret_from_fork* ret_from_kernel_thread* kernel_thread_helper kernel_thread_starter
  int_ret_from_sys_call tracesys* stub_* ia32_* sysret_check cstar_* secondary_startup_64*
  startup_32_smp startup_32* x86_64_start_* i386_start_kernel start_secondary`;

const LOCKS = `
  _raw_spin_* __raw_spin_* _raw_read_* _raw_write_* __raw_read_* __raw_write_* do_raw_* _spin_* __spin_*
  queued_spin_lock_slowpath native_queued_spin_lock_slowpath __pv_queued_spin_* pv_queued_spin_*
  pv_wait_* pv_kick* kvm_wait* virt_spin_lock* queued_read_lock_slowpath queued_write_lock_slowpath
  queue_read_lock_slowpath queue_write_lock_slowpath ticket_spin_* __ticket_spin_* arch_spin_*
  spin_lock* spin_unlock* spin_bug spin_dump spin_trylock* rwlock_bug raw_spin_* read_lock* write_lock*
  rt_spin_* rt_read_* rt_write_* rspin_*
  __lock_acquire* lock_acquire* lock_release* __lock_release* validate_chain* check_prev_add*
  check_prevs_add* check_deadlock* check_noncircular* check_irq_usage* check_usage* check_wait_context*
  print_circular_bug* print_bad_irq_dependency* print_usage_bug* print_irq_inversion_bug*
  print_deadlock_bug* print_lock_invalid_wait_context* print_unlock_imbalance_bug* mark_lock* mark_usage*
  mark_held_locks* valid_state* register_lock_class* assign_lock_key* look_up_lock_class* add_chain_* 
  lock_set_class* lock_is_held* lock_downgrade* lock_contended* lock_acquired* reacquire_held_locks
  __lock_set_class lockdep_* trace_hardirqs_* trace_softirqs_* debug_check_no_locks_* debug_locks_off*
  mutex_lock* mutex_trylock* mutex_unlock* __mutex_* mutex_spin_on_owner* mutex_optimistic_spin*
  ww_mutex_lock* ww_mutex_unlock* __ww_mutex_* rt_mutex_* __rt_mutex_* debug_rt_mutex_* debug_mutex_*
  down down_* __down __down_* up up_read* up_write* __up __up_read* __up_write* rwsem_* call_rwsem_* rwbase_* percpu_down_*
  __percpu_down_* percpu_rwsem_* osq_lock* osq_unlock* preempt_count_* preempt_schedule*`;

const COPYING = `
  usercopy_abort usercopy_warn __check_object_size __check_heap_object check_heap_object
  check_kernel_text_object report_usercopy check_stack_object check_page_span check_bogus_address
  __check_stack_object copy_from_user* copy_to_user* _copy_from_user* _copy_to_user* __copy_user*
  __copy_from_user* __copy_to_user* copy_user_generic* copy_user_enhanced_fast_string copy_user_fast_string copy_user_handle_tail raw_copy_* rep_movs* rep_stos* __get_user_1 __get_user_2 __get_user_4 __get_user_8
  __get_user_nocheck_* __put_user_1 __put_user_2 __put_user_4 __put_user_8 __put_user_nocheck_* bad_get_user* bad_put_user* copy_in_user* __clear_user* clear_user* copyin copyout strncpy_from_user*
  strnlen_user* copy_from_kernel_nofault* copy_to_kernel_nofault* probe_kernel_* __probe_kernel_*
  memcpy* __memcpy* memmove* __memmove* memset* __memset* memcmp* __memcmp memchr* memscan
  strlen* strnlen* strcmp* strncmp* strcpy* strncpy* strlcpy* strscpy* strcat* strchr* strstr*
  clear_page clear_page_rep clear_page_erms clear_page_orig copy_page copy_page_rep fortify_panic __fortify_panic __fortify_report __stack_chk_fail
  csum_partial* __sw_hweight* find_first_bit _find_first_bit`;

const CHECKERS = `
  kasan_* __kasan_* ____kasan_* __asan_* __hwasan_* asan_* check_memory_region* print_address_description*
  print_report end_report check_slab_allocation poison_slab_object describe_address* object_err save_stack* set_track* stack_depot_* 
  kmsan_* __kmsan_* __msan_* kcsan_* __kcsan_* __tsan_* kcsan_setup_watchpoint check_access
  kfence_* __kfence_* ubsan_* __ubsan_* handle_overflow handle_object_size_mismatch
  __sanitizer_* write_comp_data __fentry__ ftrace_call ftrace_regs_call ftrace_graph_* ftrace_stub __gcov_* 
  __list_add_valid* __list_del_entry_valid* __list_del_entry* __list_add __list_del list_del list_add*
  refcount_* __refcount_* ex_handler_* kref_* debug_object_* debug_print_object __debug_object* __debug_check_*
  debug_check_no_obj_freed check_poison_obj
  ___might_sleep __might_sleep __might_resched __might_fault __cant_sleep* might_alloc __might_alloc
  might_fault __schedule_bug check_preemption_disabled debug_smp_processor_id
  __this_cpu_preempt_check instrument_* test_bit set_bit clear_bit change_bit test_and_set_bit* test_and_clear_bit* test_and_change_bit* _test_bit
  atomic_inc* atomic_dec* atomic_read* atomic_add* atomic_sub* atomic_set* atomic_fetch* atomic64_*
  atomic_long_* arch_atomic* raw_atomic* __x86_indirect_thunk_* __x86_return_thunk* __switch_to_asm
  rcu_dynticks_* rcu_read_lock* rcu_read_unlock* __rcu_read_* rcu_lockdep_*
  rb_insert_color* rb_erase* __rb_insert_* __rb_erase_* rb_next* rb_prev* rb_first* rb_last*
  ref_tracker_* folio_unlock unlock_page page_ref_* __dump_page dump_page bad_page* __cfi_* __ud2*`;

const COMMON = nameMatcher(PRINTING + TRAPS + ENTRY + LOCKS + COPYING + CHECKERS);

/** Whether a function can never be to blame, whatever the kind of report. */
export function isNeverCulprit(symbol: string): boolean {
  return COMMON(baseName(symbol));
}

/**
 * @param list names, divided by blanks; with `*` at the end any name that begins so.
 * @returns whether a name without suffixes is in the list.
 */
export function nameMatcher(list: string): (name: string) => boolean {
  const exact = new Set<string>();
  const prefixes = new Map<number, string[]>();
  for (const word of list.split(/\s+/)) {
    if (!word.endsWith("*")) {
      if (word !== "") exact.add(word);
      continue;
    }
    const prefix = word.slice(0, -1);
    const first = prefix.charCodeAt(0);
    prefixes.set(first, [...(prefixes.get(first) ?? []), prefix]);
  }
  return (name) =>
    exact.has(name) ||
    (prefixes.get(name.charCodeAt(0))?.some((prefix) => name.startsWith(prefix)) ?? false);
}

/**
 * Matches functions of the kernel itself: a module that calls one of its own so is not excused
 * by the name.
 */
function kernelMatcher(list: string): (name: string, module: string | undefined) => boolean {
  const matches = nameMatcher(list);
  return (name, module) => module === undefined && matches(name);
}

/** The slab and page allocators, which only find out what others did to the memory. */
export const isAllocator = kernelMatcher(`
  kfree* kvfree* vfree* __vfree* kmem_cache_* __kmem_cache_* slab_* __slab_* ___slab_* new_slab*
  allocate_slab* free_slab* discard_slab* deactivate_slab* unfreeze_partials* put_cpu_partial* 
  __unfreeze_partials kmalloc* __kmalloc* __do_kmalloc* kzalloc* kcalloc* krealloc* __do_krealloc*
  kvmalloc* __kvmalloc* kmemdup* kstrdup* kstrndup* kvmemdup* __do_kmem_cache* do_slab_free* __cache_free*
  ___cache_free* __free_slab* cache_alloc_* cache_flusharray cache_grow* cache_free_* fixup_red_left free_debug_processing alloc_debug_processing
  free_to_partial_list check_object check_bytes_and_report check_slab check_pad_bytes check_consistency*
  on_freelist slab_err slab_bug slab_pad_check print_trailer print_tracking print_page_info
  alloc_pages* __alloc_pages* __alloc_frozen_pages* alloc_frozen_pages* __get_free_pages get_zeroed_page
  get_page_from_freelist* prep_new_page* post_alloc_hook rmqueue* __rmqueue* free_pages* __free_pages*
  free_unref_* __free_one_page free_one_page free_pcp* free_frozen_pages* free_hot_cold_page*
  free_pcppages_bulk free_page* __put_page* put_page* free_large_kmalloc* __free_slab release_pages
  free_pages_and_swap_cache check_new_page* check_free_page* kfence_alloc* kmemleak_* 
  vmalloc* __vmalloc* alloc_percpu* __alloc_percpu* pcpu_alloc* free_percpu* qlink_free qlist_free_all
  quarantine_* memcg_slab_* __memcg_slab_* obj_cgroup_* alloc_slab_page alloc_slab_obj_exts mempool_* 
  alloc_page* alloc_fresh* __folio_alloc* folio_alloc* vma_alloc_folio* kmalloc_order*
  warn_alloc* prepare_alloc* dequeue_huge* devm_kmalloc* devm_k*alloc`);

/** The scheduler: where a task that waits, or that must not sleep, stands. */
export const isScheduler = kernelMatcher(`
  schedule schedule_* __schedule* context_switch __switch_to* io_schedule* preempt_schedule*
  wait_for_completion* __wait_for_common wait_for_common do_wait_for_common __wait_for_completion*
  wait_on_bit* __wait_on_bit* out_of_line_wait_on_bit* bit_wait* prepare_to_wait* wait_woken
  finish_wait wait_on_page_bit* __wait_on_page* rwsem_* __rwsem* rt_mutex_* __rt_mutex* rwbase_*
  mutex_* __mutex_* down* __down* _cond_resched __cond_resched* cond_resched*
  percpu_rwsem_* percpu_down_* __percpu_down_* do_nanosleep hrtimer_nanosleep* schedule_hrtimeout*
  usleep_range* msleep* ssleep sleep_on_* __refrigerator* freezing_slow_path kthread_parkme
  folio_wait_bit* __folio_lock* __lock_page* wait_on_page_* folio_wait_* rt_mutex_slowlock*`);

/** What interrupts a stalled processor to look at it, and what waits for others there. */
export const isWatchdog = kernelMatcher(`
  rcu_* __rcu_* print_cpu_stall* check_cpu_stall* print_other_cpu_stall* watchdog_* __watchdog*
  nmi_* __nmi_* default_do_nmi do_nmi arch_trigger_* trigger_* perf_event_nmi_handler* intel_pmu_*
  amd_pmu_* x86_pmu_* perf_event_overflow* __perf_event_overflow* sched_show_task* show_state_filter*
  update_process_times tick_sched_* tick_nohz_handler tick_periodic tick_handle_periodic tick_nohz_*
  hrtimer_interrupt __hrtimer_run_queues __run_hrtimer hrtimer_run_queues local_apic_timer_interrupt
  __sysvec* timer_interrupt irq_exit* __irq_exit* irq_enter* touch_*watchdog* csd_lock_print_extended
  handle_irq_event* __handle_irq_event* handle_edge_irq handle_level_irq generic_handle_irq*`);

/** What waits for work of others to end, apart from the scheduler's own. */
export function isWaiter(name: string): boolean {
  return isWait(name) || name.endsWith("_wait") || name.includes("fdatawait") || isFlush(name);
}

const isWait =
  nameMatcher(`wait_* __wait_* do_wait_* cv_wait* __cv_wait* __cv_timedwait* cv_timedwait* txg_wait_*
  taskq_wait* jbd2_log_wait_commit jbd2_log_do_checkpoint closure_sync* __closure_sync* spl_*wait*
  request_wait_answer* folio_wait_* rcu_barrier*`);

/** The workqueue's ways to wait for a work to end. */
export const isFlush =
  nameMatcher(`flush_work flush_work_* __flush_work* flush_workqueue* __flush_workqueue*
  flush_delayed_work drain_workqueue cancel_work_sync cancel_delayed_work_sync __cancel_work_*
  __cancel_work_timer* start_flush_work flush_scheduled_work`);
