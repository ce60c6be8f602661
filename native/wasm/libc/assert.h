/* assert.h - the module is a release build: assertions are for the C tests, which are native. */
#define assert(condition) ((void)0)
