// SPDX-License-Identifier: MIT
/*
 * In the place of Debian's libdebuginfod, which gdb fetches debug information with from servers
 * on the net. The guest has no net, and the real one brings curl, TLS, Kerberos and LDAP along:
 * twenty more libraries to fetch and to start.
 *
 * It has what gdb 13 takes from it, and says what the real one says without servers: no client,
 * and ENOSYS (elfutils, debuginfod_find_debuginfo(3)).
 */
#include <stddef.h>

#define ENOSYS	38	/* include/uapi/asm-generic/errno.h */

typedef struct debuginfod_client debuginfod_client;
typedef int (*debuginfod_progressfn_t)(debuginfod_client *client, long a, long b);

debuginfod_client *debuginfod_begin(void)
{
	return NULL;
}

void debuginfod_end(debuginfod_client *client)
{
	(void)client;
}

void debuginfod_set_progressfn(debuginfod_client *client, debuginfod_progressfn_t progress)
{
	(void)client;
	(void)progress;
}

void debuginfod_set_user_data(debuginfod_client *client, void *data)
{
	(void)client;
	(void)data;
}

void *debuginfod_get_user_data(debuginfod_client *client)
{
	(void)client;
	return NULL;
}

int debuginfod_find_debuginfo(debuginfod_client *client, const unsigned char *build_id,
			      int build_id_length, char **path)
{
	(void)client;
	(void)build_id;
	(void)build_id_length;
	(void)path;
	return -ENOSYS;
}

int debuginfod_find_executable(debuginfod_client *client, const unsigned char *build_id,
			       int build_id_length, char **path)
{
	return debuginfod_find_debuginfo(client, build_id, build_id_length, path);
}

int debuginfod_find_source(debuginfod_client *client, const unsigned char *build_id,
			   int build_id_length, const char *filename, char **path)
{
	(void)filename;
	return debuginfod_find_debuginfo(client, build_id, build_id_length, path);
}
