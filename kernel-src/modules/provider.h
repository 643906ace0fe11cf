/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What provider.ko exports and consumer.ko calls. */
#ifndef PROVIDER_H
#define PROVIDER_H

int provider_answer(void);

#endif
