/*
 * Runs a command line on a pseudo console, as terminals do.
 *
 * Usage: pseudo-console COLUMNS "COMMAND LINE". Standard input is the keyboard, and its end closes the console. Standard
 * output shows what the console sends to its terminal. The exit code is the program's.
 */

#define _WIN32_WINNT 0x0A00
#define NTDDI_VERSION 0x0A000006
#include "program.h"
#include <stdlib.h>

#ifndef PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE
#define PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE 0x00020016
#endif

typedef HRESULT(WINAPI *Create)(COORD, HANDLE, HANDLE, DWORD, void **);
typedef void(WINAPI *Close)(void *);

struct Pipes {
  HANDLE from, to;
};

static DWORD WINAPI copy(void *argument) {
  struct Pipes *pipes = argument;
  char buffer[4096];
  DWORD length, written;
  while (ReadFile(pipes->from, buffer, sizeof buffer, &length, NULL) && length > 0) {
    if (!WriteFile(pipes->to, buffer, length, &written, NULL)) {
      break;
    }
  }
  return 0;
}

/* Keeps this program alive when Ctrl-C is pressed. */
static BOOL WINAPI survive(DWORD event) {
  return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
}

/* Runs the command line on the console of this process, and returns its exit code. */
static int run_on_own_console(wchar_t *commandLine) {
  SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};
  DWORD access = GENERIC_READ | GENERIC_WRITE, share = FILE_SHARE_READ | FILE_SHARE_WRITE;
  HANDLE input = CreateFileW(L"CONIN$", access, share, &inheritable, OPEN_EXISTING, 0, NULL);
  HANDLE output = CreateFileW(L"CONOUT$", access, share, &inheritable, OPEN_EXISTING, 0, NULL);
  if (input == INVALID_HANDLE_VALUE || output == INVALID_HANDLE_VALUE) {
    return fail("CreateFile");
  }
  STARTUPINFOW startup = {.cb = sizeof startup,
                          .dwFlags = STARTF_USESTDHANDLES,
                          .hStdInput = input,
                          .hStdOutput = output,
                          .hStdError = output};
  PROCESS_INFORMATION process;
  SetConsoleCtrlHandler(survive, TRUE);
  if (!CreateProcessW(NULL, commandLine, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) {
    return fail("CreateProcess");
  }
  return exit_code_of(process.hProcess);
}

/* Starts this program again on the console. Only there can it open the console's handles. */
static BOOL start_on(void *console, wchar_t *commandLine, PROCESS_INFORMATION *process) {
  wchar_t program[MAX_PATH];
  GetModuleFileNameW(NULL, program, MAX_PATH);
  size_t length = wcslen(commandLine) * 2 + 8;
  wchar_t *inner = malloc(length * sizeof *inner), *end = inner;
  end += swprintf(end, length, L"inner - \"");
  for (wchar_t *next = commandLine; *next != L'\0'; next++) {
    if (*next == L'"') {
      *end++ = L'\\';
    }
    *end++ = *next;
  }
  wcscpy(end, L"\"");

  SIZE_T bytes = 0;
  InitializeProcThreadAttributeList(NULL, 1, 0, &bytes);
  /* Without standard handles, or it would inherit ours. */
  STARTUPINFOEXW startup = {.StartupInfo = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES}};
  startup.lpAttributeList = malloc(bytes);
  return InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &bytes) &&
         UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE, console,
                                   sizeof console, NULL, NULL) &&
         CreateProcessW(program, inner, NULL, NULL, FALSE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL,
                        &startup.StartupInfo, process);
}

int main(void) {
  wchar_t **arguments = two_arguments();
  if (arguments == NULL) {
    return 98;
  }
  if (wcscmp(arguments[1], L"-") == 0) {
    return run_on_own_console(arguments[2]);
  }
  /* Looked up, because older headers do not declare them. */
  HMODULE kernel = GetModuleHandleW(L"kernel32.dll");
  Create create = (Create)(void *)GetProcAddress(kernel, "CreatePseudoConsole");
  Close closeConsole = (Close)(void *)GetProcAddress(kernel, "ClosePseudoConsole");
  if (create == NULL || closeConsole == NULL) {
    return fail("GetProcAddress");
  }
  HANDLE consoleInput, keyboard, screen, consoleOutput;
  if (!CreatePipe(&consoleInput, &keyboard, NULL, 0) || !CreatePipe(&screen, &consoleOutput, NULL, 0)) {
    return fail("CreatePipe");
  }
  COORD size = {(SHORT)_wtoi(arguments[1]), 30};
  void *console;
  HRESULT result = create(size, consoleInput, consoleOutput, 0, &console);
  if (FAILED(result)) {
    SetLastError((DWORD)result);
    return fail("CreatePseudoConsole");
  }
  CloseHandle(consoleInput);
  CloseHandle(consoleOutput);
  PROCESS_INFORMATION process;
  if (!start_on(console, arguments[2], &process)) {
    return fail("CreateProcess");
  }
  struct Pipes shown = {screen, GetStdHandle(STD_OUTPUT_HANDLE)};
  struct Pipes typed = {GetStdHandle(STD_INPUT_HANDLE), keyboard};
  HANDLE showing = CreateThread(NULL, 0, copy, &shown, 0, NULL);
  HANDLE typing = CreateThread(NULL, 0, copy, &typed, 0, NULL);
  HANDLE either[] = {process.hProcess, typing};
  if (WaitForMultipleObjects(2, either, FALSE, INFINITE) == WAIT_OBJECT_0) {
    /* Wine's console draws some time after a program has written. */
    Sleep(200);
  }
  closeConsole(console);
  int code = exit_code_of(process.hProcess);
  WaitForSingleObject(showing, 5000);
  ExitProcess((UINT)code);
}
