/*
 * Runs a command line on a console of its own and sends it console events.
 *
 * Usage: console-events PROGRAM "COMMAND LINE". Each `c` on standard input presses Ctrl-C, each `b` Ctrl-Break. Standard
 * output and standard error are the program's, and so is the exit code.
 */

#include "program.h"

/* Keeps this program alive when it gets the events that it sends. */
static BOOL WINAPI survive(DWORD event) {
  return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
}

int main(void) {
  wchar_t **arguments = two_arguments();
  if (arguments == NULL) {
    return 98;
  }
  HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
  HANDLE error = GetStdHandle(STD_ERROR_HANDLE);
  HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
  FreeConsole();
  if (!AllocConsole()) {
    return fail("AllocConsole");
  }
  /* Not SetConsoleCtrlHandler(NULL, TRUE), which the program would inherit. */
  if (!SetConsoleCtrlHandler(NULL, FALSE) || !SetConsoleCtrlHandler(survive, TRUE)) {
    return fail("SetConsoleCtrlHandler");
  }
  SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};
  HANDLE null = CreateFileW(L"NUL", GENERIC_READ, 0, &inheritable, OPEN_EXISTING, 0, NULL);
  SetHandleInformation(output, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
  SetHandleInformation(error, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
  STARTUPINFOW startup = {.cb = sizeof startup,
                          .dwFlags = STARTF_USESTDHANDLES,
                          .hStdInput = null,
                          .hStdOutput = output,
                          .hStdError = error};
  PROCESS_INFORMATION process;
  if (!CreateProcessW(arguments[1], arguments[2], NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) {
    return fail("CreateProcess");
  }
  CloseHandle(output);
  CloseHandle(error);
  char key;
  DWORD length;
  while (ReadFile(input, &key, 1, &length, NULL) && length == 1) {
    if (key == 'c' || key == 'b') {
      /* To every process of this console. */
      if (!GenerateConsoleCtrlEvent(key == 'c' ? CTRL_C_EVENT : CTRL_BREAK_EVENT, 0)) {
        fail("GenerateConsoleCtrlEvent");
      }
    }
  }
  ExitProcess((UINT)exit_code_of(process.hProcess));
}
