/* assert.h - the module for tests stops where an assertion does not hold. */
#define assert(condition) ((condition) ? (void)0 : __builtin_trap())
