import { isAllocator, nameMatcher } from "../no-culprits.js";
import type { Family } from "./family.js";
import { inCulprit, oopsMissing } from "./family.js";

/** What initialises, starts or frees the objects that are watched, on behalf of its caller. */
const isObjectInterface =
  nameMatcher(`init_timer_key timer_* __mod_timer add_timer* mod_timer* del_timer* do_init_timer
  hrtimer_init* hrtimer_start* call_rcu* __call_rcu* kvfree_call_rcu kfree_call_rcu rcuhead_* init_rcu_head*
  __init_work __queue_work queue_work* queue_delayed_work* work_* percpu_counter_* lookup_object_or_alloc
  init_timer_on_stack_key hrtimer_setup* destroy_timer_on_stack`);

export const debugObjects: Family = {
  kind: "debug-objects",
  firstLines: [
    {
      starts: ["ODEBUG: "],
      pattern:
        /^ODEBUG: (?:(?<what>[\w ]{1,40}) (?:not available )?\(active state \d+\) object|object \S{1,40} is (?:on|NOT on) stack|\w+ \w+ )/,
      from: "lib/debugobjects.c, debug_print_object()",
      role: "telling",
    },
  ],
  title: (facts) => inCulprit("WARNING: ODEBUG bug", facts),
  never: (name, module) => isAllocator(name, module) || isObjectInterface(name),
  missing: oopsMissing,
};
