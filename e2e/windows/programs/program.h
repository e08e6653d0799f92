/* Functions for the programs that run another program. */

#include <stdio.h>
#include <windows.h>

/* Prints which call failed and why. Returns the exit code for that. */
static int fail(const char *call) {
  fprintf(stderr, "%s failed: %lu\n", call, GetLastError());
  return 99;
}

/* The two arguments of this program, or NULL if there are more or fewer. */
static wchar_t **two_arguments(void) {
  int count;
  wchar_t **arguments = CommandLineToArgvW(GetCommandLineW(), &count);
  return count == 3 ? arguments : NULL;
}

/* Waits until a process has ended. Returns its exit code. */
static int exit_code_of(HANDLE process) {
  DWORD code;
  WaitForSingleObject(process, INFINITE);
  GetExitCodeProcess(process, &code);
  return (int)code;
}
