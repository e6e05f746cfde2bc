// Two small leaks of libssh2 1.10 that are not ours: a number of an ECDSA key on each sign-in, and the list of sign-in
// methods when it is asked for twice. The leak checker sees libssh2 in a stack only when it unwinds slowly.

#ifdef __SANITIZE_ADDRESS__
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "fast_unwind_on_malloc=0"; }
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libssh2_userauth_"; }
#endif
