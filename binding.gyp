{
  "variables": {
    "kernel_sources": [
      "native/kernel/check.c",
      "native/kernel/graph.c",
      "native/kernel/inspect.c",
      "native/kernel/journal.c",
      "native/kernel/kernel.c",
      "native/kernel/memory.c",
      "native/kernel/propagate.c",
      "native/kernel/schedule.c",
      "native/kernel/staging.c",
      "native/kernel/table.c",
      "native/kernel/task.c",
      "native/kernel/transaction.c"
    ]
  },
  "targets": [
    {
      "target_name": "kernel",
      "type": "static_library",
      "sources": ["<@(kernel_sources)"],
      "include_dirs": ["native/include"],
      "defines": ["NDEBUG"],
      "cflags_c": ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror=implicit-function-declaration", "-fvisibility=hidden", "-fPIC"],
      "xcode_settings": {
        "GCC_C_LANGUAGE_STANDARD": "c11",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES"
      },
      "msvs_settings": { "VCCLCompilerTool": { "AdditionalOptions": ["/std:c11"] } }
    },
    {
      "target_name": "signal_kernel",
      "dependencies": ["kernel"],
      "sources": [
        "native/napi/addon.cc",
        "native/napi/graph.cc",
        "native/napi/support.cc",
        "native/napi/task.cc",
        "native/napi/transaction.cc"
      ],
      "include_dirs": ["native/include", "<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=9", "NODE_ADDON_API_DISABLE_DEPRECATED", "NAPI_DISABLE_CPP_EXCEPTIONS"],
      "cflags_cc": ["-std=c++17", "-Wall", "-Wextra", "-fvisibility=hidden", "-fno-exceptions", "-fno-rtti"],
      "xcode_settings": {
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "GCC_ENABLE_CPP_EXCEPTIONS": "NO",
        "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
        "MACOSX_DEPLOYMENT_TARGET": "11.0"
      }
    }
  ]
}
