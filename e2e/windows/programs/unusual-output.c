/*
 * Runs a command line with an unusual standard output.
 *
 * Usage: unusual-output none|non-blocking "COMMAND LINE". `none`: there are no standard handles. `non-blocking`: standard
 * output is a non-blocking pipe, which is read slowly and copied to ours. The exit code is the program's.
 */

#include "program.h"

int main(void) {
  wchar_t **arguments = two_arguments();
  if (arguments == NULL) {
    return 98;
  }
  BOOL hasPipe = wcscmp(arguments[1], L"non-blocking") == 0;
  STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
  HANDLE reader = NULL;
  if (hasPipe) {
    SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};
    DWORD mode = PIPE_READMODE_BYTE | PIPE_NOWAIT;
    if (!CreatePipe(&reader, &startup.hStdOutput, &inheritable, 4096) ||
        !SetHandleInformation(reader, HANDLE_FLAG_INHERIT, 0)) {
      return fail("CreatePipe");
    }
    if (!SetNamedPipeHandleState(startup.hStdOutput, &mode, NULL, NULL)) {
      return fail("SetNamedPipeHandleState");
    }
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    SetHandleInformation(startup.hStdError, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
  }
  PROCESS_INFORMATION process;
  if (!CreateProcessW(NULL, arguments[2], NULL, NULL, hasPipe, DETACHED_PROCESS, NULL, NULL, &startup,
                      &process)) {
    return fail("CreateProcess");
  }
  if (hasPipe) {
    char buffer[16384];
    DWORD length, written;
    CloseHandle(startup.hStdOutput);
    do {
      /* Until the pipe is full. */
      Sleep(20);
    } while (ReadFile(reader, buffer, sizeof buffer, &length, NULL) && length > 0 &&
             WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), buffer, length, &written, NULL));
  }
  ExitProcess((UINT)exit_code_of(process.hProcess));
}
