/* SPDX-License-Identifier: BSD-2-Clause */
/* Every form that decode.c tells apart; assembled, disassembled and held against it. */
	.text
	clwb (%rax)
	clwb (%r8)
	clwb 8(%rsp)
	clwb -64(%rbp)
	clwb 0x12345(%r13)
	clwb (%r12)
	clwb (%rbx,%rcx,8)
	clwb 64(%r9,%r15,4)
	clwb -8(,%r10,2)
	clwb 0x1000
	clwb 0x40(%rip)
	clwb %fs:(%rdx)
	clwb %gs:0x10(%r11)
	clwb (%edi)
	clwb (%r13)
	clwb (%rax,%r12,1)
	clflushopt (%rsi)
	clflushopt 0x7f(%r14)
	clflushopt 0x80(%r10,%rbp,4)
	clflush (%rdi)
	clflush -1(%rax,%rax,1)
	clflush 0(%rip)
	movnti %eax, (%rdx)
	movnti %r9, 8(%r10)
	movntdq %xmm1, (%rax)
	movntdq %xmm9, (%r8)
	movntps %xmm0, (%rax)
	movntpd %xmm0, (%rax)
	vmovntdq %xmm1, (%rax)
	vmovntdq %ymm9, (%r8)
	vmovntps %ymm0, (%rbx)
	vmovntpd %ymm0, (%rbx)
	vmovntdq %zmm1, (%rax)
	vmovntdq %zmm17, 64(%r8)
	vmovntps %zmm0, (%rbx)
	maskmovdqu %xmm1, %xmm2
	vmaskmovdqu %xmm1, %xmm2
	movdiri %rax, (%rdx)
	movdiri %eax, (%r9)
	movdir64b (%rdx), %rax
	movntq %mm0, (%rax)
	sfence
	mfence
	lock addl $0, (%rsp)
	lock cmpxchg16b (%rdi)
	lock xaddq %rax, 8(%r9)
	lock btsq $3, (%rbx)
	xchg %rax, (%rdx)
	xchg %al, (%rdx)
	xchg %r9d, 8(%r8)
	xchg %eax, %fs:0x1c
	cpuid
	iretq
	wrmsr
	mov %rax, %cr3
	mov %r8, %cr4
	invlpg (%rax)
	serialize
	.byte 0x0f, 0x1f, 0x80, 1, 0x75, 0x63, 0x70
	.byte 0x0f, 0x1f, 0x80, 5, 0x75, 0x63, 0x70
	/* Near to one of those, and none. */
	lfence
	nopl 0x706375(%rbx)
	nopl 0x0(%rax)
	nopw 0x0(%rax,%rax,1)
	xchg %rax, %rbx
	xchg %ax, %ax
	movntdqa (%rax), %xmm1
	vmovntdqa (%rax), %ymm1
	maskmovq %mm1, %mm2
	mov %cr3, %rax
	rdmsr
	prefetchnta (%rax)
	prefetchw (%rax)
	fxsave (%rax)
	xsave (%rax)
	xsaveopt (%rax)
	xrstor (%rax)
	ldmxcsr (%rax)
	stmxcsr (%rax)
	rdfsbase %rax
	wrfsbase %rax
	rdpid %rax
	tpause %eax
	umwait %eax
	umonitor %rax
	clrssbsy (%rax)
	lgdt (%rax)
	lidt (%rax)
	swapgs
	rdtscp
	movbe %eax, (%rdx)
	crc32b (%rax), %edx
	vpmaskmovd %ymm0, %ymm1, (%rax)
	syscall
	sysretq
	cldemote (%rax)
