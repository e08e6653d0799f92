/*
 * Stands in for explorer.exe. Writes its command line, in UTF-8, to the file that RECORD names, and exits with EXIT_CODE or,
 * like Explorer, with 1.
 */

#include <stdlib.h>
#include <windows.h>

int main(void) {
  static char text[4 * 32768];
  int length = WideCharToMultiByte(CP_UTF8, 0, GetCommandLineW(), -1, text, sizeof text, NULL, NULL);
  HANDLE record = CreateFileW(_wgetenv(L"RECORD"), GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
  DWORD written;
  WriteFile(record, text, (DWORD)length - 1, &written, NULL);
  WriteFile(record, "\n", 1, &written, NULL);
  CloseHandle(record);
  const wchar_t *code = _wgetenv(L"EXIT_CODE");
  return code == NULL ? 1 : _wtoi(code);
}
