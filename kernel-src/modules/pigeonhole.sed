# Makes pigeonhole.c out of the course's section 3 (course/hello-fops.c with
# course/missing-unlock.patch): the same code with the same mistake, but the module,
# its device, its lock, its functions and its memory have other names. What kspace
# says of hello.ko it must say of pigeonhole.ko too.
#
#	hello_write()	leave_letter()	takes the lock and never gives it back
#	hello_read()	fetch_letter()	spins for it
#	hello_lock	hatch
#	hello_mem	letter
#	hello_len	letter_size
#	hello		pigeonhole	all else, the device /dev/pigeonhole among it
#
#	echo x > /dev/pigeonhole; cat /dev/pigeonhole
#
# The build applies it; see build/stages/modules.ts.
s/\<hello_write\>/leave_letter/g
s/\<hello_read\>/fetch_letter/g
s/\<hello_lock\>/hatch/g
s/\<hello_mem\>/letter/g
s/\<hello_len\>/letter_size/g
s/HELLO/PIGEONHOLE/g
s/hello/pigeonhole/g
