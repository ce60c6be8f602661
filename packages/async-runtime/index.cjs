module.exports = require("@signal-kernel/native/async-runtime");
