module.exports = require("@signal-kernel/native/core");
