/* Wine 8 has no bcryptprimitives.dll, from which Rust's standard library takes random bytes. advapi32 has the same bytes. */

#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T length) {
	return RtlGenRandom(bytes, (ULONG)length);
}
